// Small pictures as PNG files (ISO/IEC 15948): 8-bit RGB, one zlib stream, no filtering.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tengen::tools {

struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  // 3 bytes a pixel, row by row

  Picture(int w, int h, std::uint8_t gray)
      : width(w), height(h), rgb(std::size_t(w) * std::size_t(h) * 3, gray) {}
  std::uint8_t* pixel(int x, int y) { return &rgb[(std::size_t(y) * width + x) * 3]; }
};

/// The bytes of a PNG file.
std::string png_bytes(const Picture& picture);

}  // namespace tengen::tools
