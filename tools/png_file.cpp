#include "tools/png_file.hpp"

#include <zlib.h>

#include "engine/base/check.hpp"

namespace tengen::tools {
namespace {

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

/// Length, type, data, and the checksum of type and data.
std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(static_cast<std::uint32_t>(data.size())) + body +
         big_endian(static_cast<std::uint32_t>(sum));
}

std::string compressed(const std::string& data) {
  uLongf size = compressBound(data.size());
  std::string result(size, '\0');
  const int status = compress(reinterpret_cast<Bytef*>(result.data()), &size,
                              reinterpret_cast<const Bytef*>(data.data()), data.size());
  CHECK_INVARIANT(status == Z_OK);
  result.resize(size);
  return result;
}

}  // namespace

std::string png_bytes(const Picture& picture) {
  constexpr char kEightBitRgb[] = {8, 2, 0, 0, 0};  // depth, colour type, and the only methods
  std::string rows;
  const std::size_t row = static_cast<std::size_t>(picture.width) * 3;
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y) {
    rows += '\0';  // the row's filter: none
    rows.append(reinterpret_cast<const char*>(&picture.rgb[y * row]), row);
  }
  const std::string header = big_endian(static_cast<std::uint32_t>(picture.width)) +
                             big_endian(static_cast<std::uint32_t>(picture.height)) +
                             std::string(kEightBitRgb, sizeof kEightBitRgb);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", compressed(rows)) +
         chunk("IEND", "");
}

}  // namespace tengen::tools
