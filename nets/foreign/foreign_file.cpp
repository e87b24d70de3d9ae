#include "nets/foreign/foreign_file.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/io/text_lines.hpp"

namespace tengen::nets {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHeadBytes = 512;

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  const char* kind;
};

/// Sources: the formats' own documents. Lc0's is the field `magic` of its protobuf message.
constexpr Signature kSignatures[] = {
    {0, "\x0d\xc0\x01\0\0"sv, "an Lc0 network"},
    {0, "PK\x03\x04"sv, "a zip archive, such as a PyTorch, Keras or NumPy file"},
    {0, "\x80\x02"sv, "a Python pickle, such as an old PyTorch file"},
    {0, "\x80\x04"sv, "a Python pickle"},
    {0, "\x89HDF"sv, "an HDF5 file, such as Keras weights"},
    {0, "\x93NUMPY"sv, "a NumPy array"},
    {0, "GGUF"sv, "a GGUF model"},
    {4, "TFL3"sv, "a TensorFlow Lite model"},
    {0, "SQLite format 3"sv, "an SQLite database"},
    {0, "(;"sv, "an SGF game record"},
};

bool is_number(const std::string& text) {
  return !text.empty() && text.size() < 4 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

/// A KataGo model starts with its name, its version and the numbers of its input planes and global
/// inputs, a line each.
std::string katago_kind(const std::string& head) {
  std::istringstream lines(head);
  std::string name, version, planes, globals;
  if (!std::getline(lines, name) || !std::getline(lines, version) || !std::getline(lines, planes) ||
      !std::getline(lines, globals) || name.empty())
    return "";
  if (!std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isprint(c); }))
    return "";
  return is_number(version) && is_number(planes) && is_number(globals)
             ? "a KataGo model, version " + version
             : "";
}

/// ONNX is a protobuf message that starts with its IR version (field 1, a small number) and the
/// producer's name (field 2).
bool is_onnx(const std::string& head) {
  return head.size() > 3 && head[0] == 0x08 && head[1] > 0 && head[1] < 32 && head[2] == 0x12;
}

bool is_safetensors(const std::string& head) { return head.size() > 8 && head[8] == '{'; }

/// Of what has no control characters but white space.
std::string text_kind(const std::string& head) {
  const auto is_text = [](unsigned char c) { return c >= ' ' || (c >= '\t' && c <= '\r'); };
  if (!std::all_of(head.begin(), head.end(), is_text)) return "";
  std::string first_word;
  std::istringstream(head) >> first_word;
  if (!is_number(first_word)) return "a text";
  return "a text that begins with " + first_word +
         ", where Leela Zero's weights have their version, 1 or 2, on a line of its own";
}

}  // namespace

std::string foreign_kind(const std::string& path) {
  const std::string head = io::inflated_head(path, kHeadBytes);
  if (head.empty()) return "an empty file";
  if (is_safetensors(head)) return "";
  for (const Signature& each : kSignatures)
    if (head.compare(std::min(each.offset, head.size()), each.bytes.size(), each.bytes) == 0)
      return each.kind;
  if (is_onnx(head)) return "an ONNX model";
  const std::string katago = katago_kind(head);
  return katago.empty() ? text_kind(head) : katago;
}

void refuse_foreign_file(const std::string& path) {
  if (const std::string kind = foreign_kind(path); !kind.empty())
    throw Error(path, fmt::format("this is {}; Tengen reads Leela Zero text weights and its own "
                                  "safetensors",
                                  kind));
}

}  // namespace tengen::nets
