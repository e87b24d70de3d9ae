// In a program with a source file that includes this, all new tensors are full of NaN, on every
// thread: an element that a kernel leaves unwritten cannot look right by what an earlier call left
// in the same memory.
#pragma once

#include "engine/tensor/storage.hpp"

namespace tengen::test {

inline const StorageFill kNanInNewTensors(std::byte{0xff});  // in every floating type

}  // namespace tengen::test
