#include "engine/layers/embedding.hpp"

#include "engine/autograd/ops_embedding.hpp"
#include "engine/init/initializers.hpp"

namespace tengen {

Embedding::Embedding(std::int64_t vocabulary, std::int64_t width, Rng& rng, double deviation)
    : weight_(random_normal({vocabulary, width}, deviation, rng), true) {
  register_parameter("weight", weight_);
}

Variable Embedding::forward(const Tensor& indices) const { return embedding(weight_, indices); }

}  // namespace tengen
