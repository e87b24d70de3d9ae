#include "engine/io/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "engine/base/error.hpp"
#include "engine/io/atomic_file.hpp"

namespace tengen::io {

namespace {

using Json = nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little);

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own bound
constexpr int kMaxDepth = 3;                            // the header, a tensor, its shape, a number
constexpr const char* kMetadata = "__metadata__";

constexpr struct {
  DType dtype;
  const char* name;
} kDTypes[] = {
    {DType::f32, "F32"}, {DType::f64, "F64"}, {DType::bf16, "BF16"}, {DType::i32, "I32"}};

std::string name_of(DType dtype) {
  return std::ranges::find(kDTypes, dtype, [](auto& entry) { return entry.dtype; })->name;
}

std::uint64_t byte_size(const Tensor& tensor) {
  return static_cast<std::uint64_t>(tensor.size()) * size_of(tensor.dtype());
}

/// JSON is UTF-8, so the format is too.
std::string json_text(const Json& header) {
  try {
    return header.dump();
  } catch (const Json::type_error&) {
    const std::string shown = header.dump(-1, ' ', false, Json::error_handler_t::replace);
    bad_argument("save_safetensors", "expected names and metadata in UTF-8, got {}...",
                 shown.substr(0, 200));
  }
}

/// The JSON header, padded with spaces so that the numbers behind it are aligned to 8 bytes.
std::string make_header(std::span<const NamedTensor> tensors,
                        const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header[kMetadata] = metadata;
  std::uint64_t offset = 0;
  for (const NamedTensor& item : tensors) {
    const auto dims = item.tensor.shape().dims();
    const std::uint64_t end = offset + byte_size(item.tensor);
    header[item.name] = {{"dtype", name_of(item.tensor.dtype())},
                         {"shape", std::vector<std::int64_t>(dims.begin(), dims.end())},
                         {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = json_text(header);
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

void check_savable(std::span<const NamedTensor> tensors) {
  std::set<std::string> names;
  for (const NamedTensor& item : tensors) {
    if (!item.tensor.defined())
      bad_argument("save_safetensors", "expected a tensor '{}' with storage", item.name);
    if (item.name == kMetadata || !names.insert(item.name).second)
      bad_argument("save_safetensors", "expected distinct names, got '{}' again", item.name);
  }
}

/// Reads one file from front to back, checking everything against its size.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), file_(path, std::ios::binary) {
    std::error_code error;
    file_bytes_ = std::filesystem::file_size(path, error);
    if (error) throw Error(path_, "cannot read: " + error.message());
    if (!file_) throw Error(path_, fmt::format("cannot open: {}", std::strerror(errno)));
  }

  Safetensors read() {
    const Json header = read_header();
    Safetensors result;
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
      if (name == kMetadata)
        result.metadata = parse_metadata(value);
      else
        entries.push_back(parse_entry(name, value));
    }
    check_layout(entries);
    for (const Entry& entry : entries) result.tensors.push_back({entry.name, read_tensor(entry)});
    return result;
  }

 private:
  struct Entry {
    std::string name;
    DType dtype;
    Shape shape;
    std::uint64_t begin, end;  // from data_start_
  };

  [[noreturn]] void fail(std::uint64_t offset, const std::string& message) const {
    throw Error(path_, offset, message);
  }

  void read_bytes(void* target, std::uint64_t size) {
    file_.read(static_cast<char*>(target), static_cast<std::streamsize>(size));
    if (!file_) throw Error(path_, "cannot read: the file is shorter than when it was opened");
  }

  Json read_header() {
    if (file_bytes_ < kLengthBytes)
      fail(0, fmt::format("expected the 8-byte header length of a safetensors file, got {} bytes",
                          file_bytes_));
    std::uint64_t length = 0;
    read_bytes(&length, kLengthBytes);
    const std::uint64_t limit = std::min(kMaxHeaderBytes, file_bytes_ - kLengthBytes);
    if (length > limit)
      fail(0, fmt::format("expected a safetensors header of at most {} bytes, got length {}", limit,
                          length));
    std::string text(length, '\0');
    read_bytes(text.data(), length);
    data_start_ = kLengthBytes + length;
    return parse_header(text);
  }

  Json parse_header(const std::string& text) const {
    std::vector<std::set<std::string>> keys;  // of the objects now open
    // nlohmann keeps the last of two equal keys, which the format forbids, and takes any depth.
    const auto check_event = [&](int depth, Json::parse_event_t event, Json& parsed) {
      if (depth > kMaxDepth) fail(kLengthBytes, "expected a header of objects of numbers and text");
      if (event == Json::parse_event_t::object_start) keys.emplace_back();
      if (event == Json::parse_event_t::object_end) keys.pop_back();
      if (event == Json::parse_event_t::key && !keys.back().insert(parsed).second)
        fail(kLengthBytes, fmt::format("expected distinct names in the header, got '{}' twice",
                                       parsed.get<std::string>()));
      return true;
    };
    Json header;
    try {
      header = Json::parse(text, check_event);
    } catch (const Json::parse_error& error) {
      fail(kLengthBytes + error.byte, "expected a JSON header");
    }
    if (!header.is_object()) fail(kLengthBytes, "expected a JSON object as header");
    return header;
  }

  std::map<std::string, std::string> parse_metadata(const Json& value) const {
    std::map<std::string, std::string> metadata;
    if (!value.is_object()) fail(kLengthBytes, "expected an object of strings as __metadata__");
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string())
        fail(kLengthBytes, fmt::format("expected a string in __metadata__ for '{}'", key));
      metadata[key] = text.get<std::string>();
    }
    return metadata;
  }

  Entry parse_entry(const std::string& name, const Json& value) const {
    const auto wrong = [&](const std::string& expected) {
      fail(kLengthBytes, fmt::format("tensor '{}': expected {}", name, expected));
    };
    if (!value.is_object() || value.size() != 3 || !value.contains("dtype") ||
        !value.contains("shape") || !value.contains("data_offsets"))
      wrong("an object of dtype, shape and data_offsets");
    const std::optional<DType> dtype = parse_dtype(value["dtype"]);
    if (!dtype) wrong("dtype F32, F64, BF16 or I32, got " + printable(value["dtype"]));
    const auto dims = parse_naturals(value["shape"]);
    if (!dims || dims->size() > std::size_t{Shape::kMaxRank})
      wrong("a shape of at most 6 dimensions, got " + printable(value["shape"]));
    const auto offsets = parse_naturals(value["data_offsets"]);
    if (!offsets || offsets->size() != 2 || (*offsets)[0] > (*offsets)[1])
      wrong("data_offsets [begin, end], got " + printable(value["data_offsets"]));
    const std::uint64_t begin = (*offsets)[0], end = (*offsets)[1];
    const std::uint64_t data_bytes = file_bytes_ - data_start_;
    if (end > data_bytes)
      wrong(fmt::format("data_offsets within the {} bytes of data, got an end of {}", data_bytes,
                        end));
    const auto bytes = checked_byte_size(*dims, size_of(*dtype));
    if (!bytes || *bytes != end - begin)
      wrong(fmt::format("{} bytes of data for its shape and dtype, got {}",
                        bytes ? std::to_string(*bytes) : "more than fit a file", end - begin));
    return {name, *dtype, Shape(std::vector<std::int64_t>(dims->begin(), dims->end())), begin, end};
  }

  static std::string printable(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 80);
  }

  static std::optional<DType> parse_dtype(const Json& value) {
    for (const auto& entry : kDTypes)
      if (value.is_string() && value.get<std::string>() == entry.name) return entry.dtype;
    return std::nullopt;
  }

  /// An array of integers from 0 to the largest int64, or nothing.
  static std::optional<std::vector<std::uint64_t>> parse_naturals(const Json& value) {
    if (!value.is_array()) return std::nullopt;
    std::vector<std::uint64_t> numbers;
    for (const Json& number : value) {
      if (!number.is_number_unsigned() || number.get<std::uint64_t>() > INT64_MAX)
        return std::nullopt;
      numbers.push_back(number.get<std::uint64_t>());
    }
    return numbers;
  }

  /// The product, or nothing if it is beyond an int64.
  static std::optional<std::uint64_t> checked_byte_size(const std::vector<std::uint64_t>& dims,
                                                        std::uint64_t element) {
    std::int64_t product = static_cast<std::int64_t>(element);
    for (std::uint64_t dim : dims)
      if (__builtin_mul_overflow(product, static_cast<std::int64_t>(dim), &product))
        return std::nullopt;
    return static_cast<std::uint64_t>(product);
  }

  /// Sorts the entries by offset and requires that they cover the data without gaps or overlaps.
  void check_layout(std::vector<Entry>& entries) const {
    std::ranges::stable_sort(entries, {}, [](const Entry& e) { return std::pair(e.begin, e.end); });
    std::uint64_t expected = 0;
    for (const Entry& entry : entries) {
      if (entry.begin != expected)
        fail(data_start_ + expected,
             fmt::format("expected the data of tensor '{}' here, got offset {}", entry.name,
                         entry.begin));
      expected = entry.end;
    }
    if (data_start_ + expected != file_bytes_)
      fail(data_start_ + expected, fmt::format("expected the end of the file, got {} more bytes",
                                               file_bytes_ - data_start_ - expected));
  }

  Tensor read_tensor(const Entry& entry) {
    Tensor tensor(entry.shape, entry.dtype);
    read_bytes(tensor.data(), entry.end - entry.begin);
    return tensor;
  }

  const std::string path_;
  std::ifstream file_;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t data_start_ = 0;  // set by read_header
};

}  // namespace

const Tensor* Safetensors::find(const std::string& name) const {
  const auto it = std::ranges::find(tensors, name, &NamedTensor::name);
  return it == tensors.end() ? nullptr : &it->tensor;
}

void save_safetensors(const std::string& path, std::span<const NamedTensor> tensors,
                      const std::map<std::string, std::string>& metadata) {
  check_savable(tensors);
  const std::string header = make_header(tensors, metadata);
  const std::uint64_t length = header.size();
  write_file_atomically(path, [&](const ByteSink& sink) {
    sink(std::as_bytes(std::span(&length, 1)));
    sink(std::as_bytes(std::span<const char>(header)));
    for (const NamedTensor& item : tensors)
      sink({static_cast<const std::byte*>(item.tensor.data()), byte_size(item.tensor)});
  });
}

Safetensors load_safetensors(const std::string& path) { return Reader(path).read(); }

}  // namespace tengen::io
