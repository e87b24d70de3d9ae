#include "engine/base/hash.hpp"

#include <boost/crc.hpp>

namespace tengen {

std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t previous) {
  // The remainder that Boost continues from is the reflected, un-inverted state.
  boost::crc_optimal<32, 0x04C11DB7, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  if (previous != 0) {
    std::uint32_t state = previous ^ 0xFFFFFFFFu;
    std::uint32_t reflected = 0;
    for (int bit = 0; bit < 32; ++bit) reflected |= ((state >> bit) & 1u) << (31 - bit);
    crc.reset(reflected);
  }
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

}  // namespace tengen
