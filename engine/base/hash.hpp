// Hashing of plain words and bytes. None of it is cryptographic.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tengen {

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection that mixes all 64 bits.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// Order-dependent combination of a running hash with one more word.
constexpr std::uint64_t hash_combine(std::uint64_t hash, std::uint64_t word) {
  return mix64(hash + 0x9e3779b97f4a7c15ULL + mix64(word));
}

/// FNV-1a, 64 bits.
constexpr std::uint64_t hash_bytes(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

/// CRC-32 (IEEE 802.3), as zlib and PNG compute it. Start with 0; feed pieces in order.
std::uint32_t crc32(std::span<const std::byte> bytes, std::uint32_t previous = 0);

}  // namespace tengen
