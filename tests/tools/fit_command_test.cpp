#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/support/temp_dir.hpp"
#include "tests/support/terminal.hpp"
#include "tests/tools/run_cli.hpp"
#include "tools/fit_report.hpp"

using namespace tengen;
using namespace tengen::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

namespace fs = std::filesystem;

CliResult fit(const std::vector<std::string>& args) {
  std::vector<std::string> all{"fit"};
  all.insert(all.end(), args.begin(), args.end());
  all.insert(all.end(), {"--threads", "1"});
  return run_cli(all);
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The working directory for the lifetime of this object.
class WorkingDirectory {
 public:
  explicit WorkingDirectory(const fs::path& path) : old_(fs::current_path()) {
    fs::current_path(path);
  }
  ~WorkingDirectory() { fs::current_path(old_); }

 private:
  const fs::path old_;
};

/// Ctrl-C once the file is there.
std::jthread interrupt_when_there(const fs::path& file) {
  return std::jthread([file] {
    for (int i = 0; i < 60'000 && !fs::exists(file); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (fs::exists(file)) std::raise(SIGINT);
  });
}

/// The four MNIST files with `count` images of 8x8, whose label is where their bright row is.
void write_tiny_mnist(const fs::path& dir, int count) {
  for (const char* part : {"train", "t10k"}) {
    std::string images{0, 0, 8, 3, 0, 0, 0, char(count), 0, 0, 0, 8, 0, 0, 0, 8};
    std::string labels{0, 0, 8, 1, 0, 0, 0, char(count)};
    for (int n = 0; n < count; ++n) {
      labels += char(n % 4);
      for (int i = 0; i < 64; ++i) images += char(i / 16 == n % 4 ? 200 + n % 50 : n % 7);
    }
    write(dir / (std::string(part) + "-images-idx3-ubyte"), images);
    write(dir / (std::string(part) + "-labels-idx1-ubyte"), labels);
  }
}

}  // namespace

TEST_CASE("fit trains goes on and shows what came of it", "[tools][fit]") {
  const TempDir dir;
  write_tiny_mnist(dir.path(), 100);
  const std::vector<std::string> first{
      dir / "run", "--task",       "mnist",   "--data", dir.path().string(),
      "--net",     "mlp:hidden=8", "--batch", "10",     "--learning-rate",
      "0.02",      "--epochs",     "3"};
  const CliResult made = fit(first);
  CHECK(made.code == 0);
  CHECK_THAT(made.out, Contains("3 epochs") && Contains("accuracy") && Contains("precision") &&
                           Contains("recall") && Contains("filters.png"));
  CHECK_THAT(read(dir.path() / "run" / "curves.svg"), StartsWith("<svg") && Contains("accuracy"));
  CHECK_THAT(read(dir.path() / "run" / "filters.png"), StartsWith("\x89PNG"));
  const CliResult more = fit({dir / "run", "--epochs", "4", "--prune", "0.5"});  // and its own ones
  CHECK(more.code == 0);
  CHECK_THAT(more.out, Contains("4 epochs") && Contains("sparsity 0.5"));
  const CliResult shown = run_cli({"run", "show", dir / "run"});
  CHECK_THAT(shown.out, Contains("mlp:layers=1,hidden=8") && Contains("4 of 4") &&
                            Contains("held_out_loss") && !Contains("games"));
}

TEST_CASE("fit calls an epoch best only where validation examples chose it", "[tools][fit]") {
  const TempDir dir;
  write_tiny_mnist(dir.path(), 60);
  const auto out = [&](const std::string& run, const std::string& task) {
    return fit({dir / run, "--task", task, "--data", dir.path().string(), "--net", "mlp:hidden=4",
                "--epochs", "2"})
        .out;
  };
  CHECK_THAT(out("chosen", "mnist:validation=20"), Contains("best 2\n") || Contains("best 1\n"));
  CHECK_THAT(out("chosen", "mnist:validation=20"), Contains("(best): loss"));
  CHECK_THAT(out("newest", "mnist"),
             Contains("2 epochs\n") && Contains("test, epoch 2: loss") && !Contains("best"));
}

TEST_CASE("run show calls a net best only where it is not just the newest", "[tools][fit]") {
  const TempDir dir;
  write_tiny_mnist(dir.path(), 60);
  const auto shown = [&](const std::string& run, std::vector<std::string> more) {
    more.insert(more.begin(), {dir / run, "--data", dir.path().string(), "--net", "mlp:hidden=4"});
    CHECK(fit(more).code == 0);
    return run_cli({"run", "show", dir / run}).out;
  };
  CHECK_THAT(shown("newest", {"--epochs", "2"}),
             Contains("newest net") && Contains("checkpoints/2/") && !Contains("best net"));
  const std::vector<std::string> first_is_best{
      "--task", "mnist:validation=20", "--epochs", "2", "--optimizer",
      "sgd",    "--learning-rate",     "1e-30"};
  CHECK_THAT(shown("chosen", first_is_best),
             Contains("best net") && Contains("checkpoints/1/") && Contains("checkpoints/2/"));
}

TEST_CASE("fit names the classes of a text file in the confusion matrix", "[tools][fit]") {
  const TempDir dir;
  std::string lines;
  for (int i = 0; i < 60; ++i) lines += "spam\tbuy " + std::to_string(i) + "\nham\thello\n";
  write(dir / "mails.tsv", lines);
  const std::string made = fit({dir / "run", "--task", "lines", "--data", dir / "mails.tsv",
                                "--net", "gru:units=4", "--epochs", "1"})
                               .out;
  for (const std::string& out : {made, run_cli({"run", "evaluate", dir / "run"}).out})
    CHECK_THAT(out, Contains("ham  spam  precision") && Contains("\nham ") && Contains("\nspam "));
}

TEST_CASE("fit with another task than the run's says so", "[tools][fit]") {
  const TempDir dir;
  write_tiny_mnist(dir.path(), 20);
  CHECK(fit({dir / "run", "--task", "mnist", "--data", dir.path().string(), "--net", "mlp:hidden=4",
             "--epochs", "1"})
            .code == 0);
  const CliResult other = fit({dir / "run", "--task", "sine"});
  CHECK(other.code == 2);
  CHECK_THAT(other.err,
             Contains("this run's task is mnist:") && Contains("but sine was asked for"));
}

TEST_CASE("resume goes on with a run and makes none", "[tools][fit]") {
  const TempDir dir;
  const std::vector<std::string> tiny{"--task", "sine:points=20", "--epochs"};
  const auto with = [&](std::vector<std::string> args, const char* epochs) {
    args.insert(args.end(), tiny.begin(), tiny.end());
    args.emplace_back(epochs);
    return fit(args);
  };
  for (const char* command : {"fit", "train", "rl"}) {
    const CliResult none = run_cli({command, dir / "run", "--resume"});
    CHECK(none.code == 2);
    CHECK_THAT(none.err, Contains("expected a run to go on with"));
    CHECK_FALSE(fs::exists(dir / "run"));
  }
  CHECK(with({dir / "run"}, "1").code == 0);
  const CliResult more = with({"--resume", dir / "run"}, "2");
  CHECK(more.code == 0);
  CHECK_THAT(more.out, Contains("2 epochs"));
}

TEST_CASE("fit goes on from another working directory", "[tools][fit]") {
  const TempDir dir;
  fs::create_directories(dir / "digits");
  write_tiny_mnist(dir / "digits", 20);
  {
    const WorkingDirectory here(dir.path());
    CHECK(fit({"teacher", "--data", "digits", "--net", "mlp:hidden=8", "--epochs", "1"}).code == 0);
    CHECK(fit({"student", "--data", "digits", "--task", "mnist:teacher=teacher", "--net",
               "mlp:hidden=4", "--epochs", "1"})
              .code == 0);
  }
  const CliResult more = fit({dir / "student", "--epochs", "2"});
  INFO(more.err);
  CHECK(more.code == 0);
  CHECK(run_cli({"run", "evaluate", dir / "student"}).code == 0);
}

TEST_CASE("fit that is interrupted before its first checkpoint says how to go on", "[tools][fit]") {
  const TempDir dir;
  const std::jthread interrupter = interrupt_when_there(dir.path() / "run" / "run.db");
  const CliResult result = fit({dir / "run", "--task", "sine:points=100000"});
  CHECK_THAT(result.out, Contains("stopped on request") &&
                             Contains("go on:   tengen fit " + (dir / "run").string() + "\n"));
}

TEST_CASE("On a terminal the summary of fit follows the end of the progress line", "[tools][fit]") {
  const TempDir dir;
  const std::string run = dir / "run";
  const std::jthread interrupter = interrupt_when_there(run + "/run.db");
  Terminal terminal(200);
  const char* const args[] = {"tengen", "fit", run.c_str(), "--task", "sine:points=100000"};
  {
    const ToStandardError one_screen(std::cout);
    tools::run_tool(5, args);
  }
  const std::vector<std::string> rows = terminal.rows();
  const auto begins = [&](const char* text) {
    return std::ranges::find_if(rows, [&](const auto& row) { return row.starts_with(text); });
  };
  REQUIRE(begins("stopped on request") != rows.end());
  REQUIRE(begins("epoch 1/") != rows.end());
  CHECK(begins("epoch 1/") < begins("stopped on request"));
  CHECK(rows.back().empty());
}

TEST_CASE("fit shows what a net wrote and where it looked", "[tools][fit]") {
  const TempDir dir;
  const std::vector<std::string> tiny{
      "--task", "dates:train=40,test=10", "--net", "gru:units=4", "--epochs", "1"};
  std::vector<std::string> args{dir / "run"};
  args.insert(args.end(), tiny.begin(), tiny.end());
  const CliResult made = fit(args);
  CHECK(made.code == 0);
  CHECK_THAT(made.out, Contains(" -> ") && Contains("exact") && Contains("attention.svg"));
  CHECK_THAT(made.out, !Contains("precision"));
  CHECK_THAT(read(dir.path() / "run" / "attention.svg"), StartsWith("<svg") && Contains("opacity"));
}

TEST_CASE("fit learns a text file and goes on writing", "[tools][fit]") {
  const TempDir dir;
  std::string text;
  for (int i = 0; i < 200; ++i) text += "row row row your boat\n";
  write(dir / "song.txt", text);
  const CliResult made = fit({dir / "run", "--task", "char_lm:steps=20", "--data", dir / "song.txt",
                              "--net", "gru:units=8", "--epochs", "1"});
  CHECK(made.code == 0);
  CHECK_THAT(made.out,
             Contains("perplexity") && Contains("temperature 0.5: row row row your boa|"));
  CHECK_THAT(read(dir.path() / "run" / "curves.svg"), Contains("perplexity"));
  CHECK_FALSE(fs::exists(dir.path() / "run" / "attention.svg"));
  const auto write = [&](const std::vector<std::string>& more) {
    std::vector<std::string> args{"run", "write", dir / "run", "--length", "30"};
    args.insert(args.end(), more.begin(), more.end());
    return run_cli(args);
  };
  const CliResult one = write({"--prompt", "row ", "--seed", "1"});
  CHECK(one.code == 0);
  CHECK_THAT(one.out, StartsWith("row "));
  CHECK(one.out.size() == 4 + 30 + 1);
  CHECK(write({"--prompt", "row ", "--seed", "1"}).out == one.out);
  CHECK(write({"--prompt", "row ", "--seed", "2"}).out != one.out);
  CHECK(write({"--temperature", "0", "--seed", "1"}).out ==
        write({"--temperature", "0", "--seed", "2"}).out);
  const CliResult unknown = write({"--prompt", "Row"});
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, Contains("R"));
}

TEST_CASE("fit searches and runs are evaluated together", "[tools][fit]") {
  const TempDir dir;
  write_tiny_mnist(dir.path(), 60);
  const std::vector<std::string> common{"--task",   "mnist:validation=20",
                                        "--data",   dir.path().string(),
                                        "--net",    "mlp:hidden=8",
                                        "--epochs", "2",
                                        "--batch",  "10"};
  const auto with = [&](std::vector<std::string> args) {
    args.insert(args.end(), common.begin(), common.end());
    return fit(args);
  };
  const CliResult found =
      with({dir / "s", "--search", "3", "--over", "learning_rate=log:1e-3..1e-1"});
  CHECK(found.code == 0);
  CHECK_THAT(found.out, StartsWith("quality") && Contains("trial-001") && Contains("trial-003"));
  const CliResult refused = fit({dir / "t", "--task", "mnist", "--data", dir.path().string(),
                                 "--search", "3", "--over", "momentum=0..0.9"});
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains("mnist:validation=..."));
  CHECK_THAT(with({dir / "s", "--search", "3"}).err, Contains("--over"));
  CHECK_THAT(with({dir / "s", "--search", "3", "--over", "depth=1..2"}).err, Contains("depth"));
  const CliResult both = run_cli({"run", "evaluate", dir / "s/trial-001", dir / "s/trial-002"});
  CHECK(both.code == 0);
  CHECK_THAT(both.out, Contains("averaged") && Contains("recall"));
  const CliResult bits = run_cli({"run", "evaluate", dir / "s/trial-001", "--precision", "int8"});
  CHECK(bits.code == 2);  // no layer of it computes in 8 bits
  CHECK_THAT(bits.err, Contains("int8"));
  const CliResult floats = run_cli({"run", "evaluate", dir / "s/trial-001", "--precision", "auto"});
  CHECK(floats.code == 0);
  CHECK_THAT(floats.out, (Contains("bf16: ") || Contains("fp32: ")) && Contains("accuracy"));
  CHECK(fit({dir / "sums", "--task", "binary_addition:train=20,test=10", "--epochs", "1"}).code ==
        0);
  const CliResult mixed = run_cli({"run", "evaluate", dir / "s/trial-001", dir / "sums"});
  CHECK(mixed.code == 2);
  CHECK_THAT(mixed.err, Contains("expected runs of one task") && Contains("binary_addition"));
  CHECK_THAT(run_cli({"run", "evaluate", dir / "s/trial-001", "--precision", "int4"}).err,
             Contains("int8") && Contains("int4"));
}

TEST_CASE("fit says in one line what is wrong with the data", "[tools][fit]") {
  const TempDir dir;
  const auto error = [&](const std::string& data) {
    const CliResult result = fit({dir / "run", "--task", "mnist", "--data", data});
    CHECK(result.code == 2);
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK_FALSE(fs::exists(dir / "run"));
    return result.err;
  };
  CHECK_THAT(error(dir / "nowhere"), Contains("nowhere") && Contains("train-images-idx3-ubyte"));
  write_tiny_mnist(dir.path(), 20);
  const std::string images = dir / "train-images-idx3-ubyte";
  const std::string whole = read(images);
  write(images, whole.substr(0, 100));
  CHECK_THAT(error(dir.path().string()), Contains("byte 100") && Contains("train-images"));
  write(images, "GIF89a, and more");
  CHECK_THAT(error(dir.path().string()), Contains("byte 0") && Contains("expected an IDX file"));
  write(images, whole);
  write(dir / "t10k-labels-idx1-ubyte", std::string{0, 0, 8, 1, 0, 0, 0, 1, 3});
  CHECK_THAT(error(dir.path().string()), Contains("t10k-labels") && Contains("expected 20 labels"));
}

TEST_CASE("fit says where data are wrong that are whole", "[tools][fit]") {
  const TempDir dir;
  const auto error = [&](const std::string& name, const std::string& bytes) {
    write_tiny_mnist(dir.path(), 20);
    write(dir / name, bytes);
    const CliResult result = fit({dir / "run", "--data", dir.path().string()});
    CHECK(result.code == 2);
    CHECK_FALSE(fs::exists(dir / "run"));
    return result.err;
  };
  write_tiny_mnist(dir.path(), 20);
  std::string labels = read(dir / "train-labels-idx1-ubyte");
  const std::string images = read(dir / "train-images-idx3-ubyte");
  CHECK_THAT(error("train-images-idx3-ubyte", labels),
             Contains("byte 3: expected images, 3 dimensions, got 1"));
  CHECK_THAT(error("train-images-idx3-ubyte", images + "x"),
             Contains("byte 1296: ") && Contains("end"));
  labels[8 + 5] = 12;
  CHECK_THAT(error("train-labels-idx1-ubyte", labels),
             Contains("byte 13: expected labels 0 to 9, got 12"));
  std::string wide = images;
  wide[11] = 4;
  wide[15] = 16;
  CHECK_THAT(error("t10k-images-idx3-ubyte", wide),
             Contains("shape [1, 8, 8, 1]") && Contains("got [1, 4, 16, 1]"));
}

TEST_CASE("fit that diverges has failed and keeps the last checkpoint", "[tools][fit]") {
  const TempDir dir;
  write_tiny_mnist(dir.path(), 40);
  const auto run = [&](const std::vector<std::string>& more) {
    std::vector<std::string> args{dir / "run", "--data",       dir.path().string(),
                                  "--net",     "mlp:hidden=4", "--batch",
                                  "10",        "--optimizer",  "sgd"};
    args.insert(args.end(), more.begin(), more.end());
    return fit(args);
  };
  CHECK(run({"--epochs", "1", "--learning-rate", "0.01"}).code == 0);
  const CliResult failed = run({"--epochs", "99", "--learning-rate", "999", "--weight-decay", "1"});
  CHECK(failed.code == 1);
  CHECK_THAT(failed.err, Contains("diverged at step") && Contains("batch") && Contains("layer"));
  CHECK(run({"--epochs", "2", "--learning-rate", "0.01"}).code == 0);
}

TEST_CASE("fit from weights that do not fit makes no run", "[tools][fit]") {
  const TempDir dir;
  CHECK(fit({dir / "a", "--task", "sine:points=20", "--epochs", "1"}).code == 0);
  const CliResult other = fit({dir / "b", "--task", "sine:points=20", "--epochs", "1", "--net",
                               "rnn:units=6", "--start", dir / "a"});
  CHECK(other.code == 2);
  CHECK_THAT(other.err, Contains("expected tensor") && Contains("net.safetensors"));
  CHECK_FALSE(fs::exists(dir / "b"));
  const CliResult folder = fit({dir / "c", "--task", "char_lm", "--data", dir.path().string()});
  CHECK(folder.code == 2);
  CHECK_THAT(folder.err, Contains("expected a text file"));
}

TEST_CASE("fit names wrong options and runs of other commands", "[tools][fit]") {
  const TempDir dir;
  CHECK_THAT(fit({dir / "x", "--task", "cifar"}).err, Contains("mnist") && Contains("cifar"));
  CHECK_THAT(fit({dir / "x", "--task", "sine", "--net", "cnn"}).err, Contains("rnn"));
  CHECK_THAT(fit({dir / "x", "--task", "sine", "--optimizer", "lion"}).err, Contains("adamw"));
  CHECK(fit({dir / "run", "--task", "sine:points=20", "--epochs", "1"}).code == 0);
  const CliResult train = run_cli({"train", dir / "run"});
  CHECK(train.code == 2);
  CHECK_THAT(train.err, Contains("expected a run of tengen train, this is one of tengen fit"));
  CHECK_THAT(fit({}).err, Contains("run directory"));
  CHECK_THAT(run_cli({"fit", "--print-config"}).out, Contains("learning_rate = 0"));
  CHECK_THAT(run_cli({"fit", "--help"}).out, Contains("binary_addition"));
}

TEST_CASE("net describe lists the tensors of a net of tengen fit", "[tools][fit]") {
  const TempDir dir;
  CHECK(fit({dir / "run", "--task", "sine:points=20", "--epochs", "1"}).code == 0);
  const CliResult run = run_cli({"net", "describe", dir / "run"});
  INFO(run.err);
  CHECK(run.code == 0);
  // 5 units: their input, recurrent weights and biases, then the output's weights and bias.
  CHECK_THAT(run.out, Contains("sine:points=20") && Contains("rnn:") && Contains("[5, 5]") &&
                          Contains("41 numbers"));
}

TEST_CASE("net describe counts a classifier", "[tools][fit]") {
  const CliResult lenet = run_cli({"net", "describe", "lenet", "--images", "28x28x1"});
  CHECK_THAT(lenet.out, Contains("61706 trainable") && Contains("maxpool2x2"));
  CHECK_THAT(run_cli({"net", "describe", "lenet"}).err, Contains("--images"));
  CHECK_THAT(run_cli({"net", "describe", "lstm:units=4"}).err, Contains("its run"));
  const CliResult wrong = run_cli({"net", "describe", "lenet", "--images", "28x28"});
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, Contains("HEIGHTxWIDTHxCHANNELS"));
}

TEST_CASE("Filters are painted blue for positive and red for negative weights", "[tools][fit]") {
  const Tensor filters = Tensor::from<float>({1, 1, 2, 2}, {1, 1, -.25f, -.75f});
  tools::Picture picture = tools::filters_picture(filters);
  const std::uint8_t* left = picture.pixel(10, 10);
  CHECK((left[0] == 0 && left[1] == 0 && left[2] == 255));
  const std::uint8_t* right = picture.pixel(picture.width - 10, 10);  // half as strong
  CHECK((right[0] == 255 && right[1] == right[2] && right[1] > 120 && right[1] < 135));
}
