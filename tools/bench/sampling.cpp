#include "tools/bench/sampling.hpp"

#include <algorithm>
#include <barrier>
#include <exception>
#include <memory>
#include <thread>

#include "engine/base/clock.hpp"
#include "engine/kernels/backend.hpp"

namespace tengen::tools {
namespace {

/// Samples end when they have taken this many times what was planned.
constexpr double kPatience = 4;

/// Threads that wait between samples. Two barriers frame a sample; between samples the streams wait
/// at the first one, and only the caller writes what they read.
class Streams {
 public:
  Streams(int count, WorkMaker make)
      : make_(std::move(make)),
        begin_(count + 1),
        end_(count + 1),
        rates_(static_cast<std::size_t>(count)),
        errors_(rates_.size()) {
    for (int i = 0; i < count; ++i) threads_.emplace_back([this, i] { serve(i); });
  }
  ~Streams() {
    stopping_ = true;
    begin_.arrive_and_wait();
    for (std::thread& thread : threads_) thread.join();
  }

  double sample(double seconds) {
    seconds_ = seconds;
    begin_.arrive_and_wait();
    end_.arrive_and_wait();
    for (const std::exception_ptr& error : errors_)
      if (error) std::rethrow_exception(error);
    double sum = 0;
    for (const double rate : rates_) sum += rate;
    return sum;
  }

 private:
  void serve(int stream) {
    const kernels::ScopedThreads one_thread(1);
    const auto index = static_cast<std::size_t>(stream);
    Work work;
    for (;;) {
      begin_.arrive_and_wait();
      if (stopping_) return;
      try {
        if (!work) work = make_(stream);
        rates_[index] = rate_of(work);
      } catch (...) {
        errors_[index] = std::current_exception();
      }
      end_.arrive_and_wait();
    }
  }

  double rate_of(const Work& work) const {
    const Stopwatch watch;
    double done = 0;
    do done += work();
    while (watch.seconds() < seconds_);
    return done / watch.seconds();
  }

  const WorkMaker make_;
  std::barrier<> begin_, end_;
  double seconds_ = 0;
  bool stopping_ = false;
  std::vector<double> rates_;  // one per stream
  std::vector<std::exception_ptr> errors_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::vector<std::vector<double>> sample_in_turn(const std::vector<Contender>& contenders,
                                                const SamplePlan& plan) {
  const Stopwatch watch;
  for (const Contender& contender : contenders) contender(plan.seconds);
  const double planned = plan.repeats * plan.seconds * static_cast<double>(contenders.size());
  std::vector<std::vector<double>> samples(contenders.size());
  for (int i = 0; i < plan.repeats && (i == 0 || watch.seconds() < kPatience * planned); ++i)
    for (std::size_t c = 0; c < contenders.size(); ++c)
      samples[c].push_back(contenders[c](plan.seconds));
  return samples;
}

Measurement to_measurement(const std::vector<double>& samples, const std::string& ceiling_name,
                           const std::vector<double>& ceiling) {
  Measurement result;
  result.rate = summarise(samples);
  if (ceiling.empty()) return result;
  result.ceiling_name = ceiling_name;
  result.ceiling = summarise(ceiling);
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(samples.size(), ceiling.size()); ++i)
    ratios.push_back(samples[i] / ceiling[i]);
  result.ratio = summarise(ratios).median;
  return result;
}

Measurement measure(const Contender& contender, const std::optional<Ceiling>& ceiling,
                    const SamplePlan& plan) {
  std::vector<Contender> both = {contender};
  if (ceiling) both.push_back(ceiling->run);
  const auto samples = sample_in_turn(both, plan);
  return to_measurement(samples[0], ceiling ? ceiling->name : "",
                        ceiling ? samples[1] : std::vector<double>{});
}

Contender run_streams(int streams, const WorkMaker& make) {
  return [pool = std::make_shared<Streams>(streams, make)](double seconds) {
    return pool->sample(seconds);
  };
}

}  // namespace tengen::tools
