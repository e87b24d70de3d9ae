// Encodes Protocol Buffers messages, as far as model files need it: integers, strings and messages
// within messages. Four dozen lines instead of a code generator and its library.
//
// Source: https://protobuf.dev/programming-guides/encoding. A field is its key (number << 3 | wire
// type) and its value: type 0 a variable-length integer, type 2 a length and that many bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tengen::nets {

class ProtobufWriter {
 public:
  ProtobufWriter& integer(int field, std::int64_t value) {
    key(field, 0);
    varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  ProtobufWriter& bytes(int field, std::string_view value) {
    key(field, 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  ProtobufWriter& message(int field, const ProtobufWriter& value) {
    return bytes(field, value.bytes_);
  }

  const std::string& str() const { return bytes_; }

 private:
  void key(int field, unsigned type) { varint(static_cast<std::uint64_t>(field) << 3 | type); }
  /// Seven bits a byte, the lowest first; the eighth says that more follow.
  void varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) bytes_ += static_cast<char>(value | 128);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

}  // namespace tengen::nets
