#include "engine/kernels/backend.hpp"

namespace tengen::kernels {

const Backend& onednn() { return reference(); }

}  // namespace tengen::kernels
