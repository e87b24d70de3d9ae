#include <catch2/catch.hpp>
#include <functional>

#include "engine/kernels/backend.hpp"

using namespace tengen;
using Catch::Matchers::Message;
using kernels::Backend;

namespace {
const Backend& any_backend() {
  return GENERATE(std::cref(kernels::reference()), std::cref(kernels::onednn()));
}
}  // namespace

TEST_CASE("A convolution names the channels it expected", "[engine][kernels][shapes]") {
  const Backend& backend = any_backend();
  CHECK_THROWS_MATCHES(backend.conv2d(Tensor({1, 9, 9, 16}), Tensor({8, 3, 3, 17}), {}, {}),
                       std::invalid_argument,
                       Message("[conv2d] expected 17 input channels, got 16"));
}

TEST_CASE("A convolution rejects what does not fit", "[engine][kernels][shapes]") {
  const Backend& backend = any_backend();
  const Tensor x({1, 4, 4, 6}), weight({8, 3, 3, 6});
  CHECK_THROWS_MATCHES(
      backend.conv2d(x, Tensor({8, 5, 5, 6}), {}, {}), std::invalid_argument,
      Message("[conv2d] expected an image that the kernel 5x5 fits into, got 4x4"));
  CHECK_THROWS_MATCHES(backend.conv2d(x, weight, Tensor({7}), {}), std::invalid_argument,
                       Message("[conv2d] expected a bias of shape [8], got [7]"));
  CHECK_THROWS_AS(backend.conv2d(Tensor({4, 4, 6}), weight, {}, {}), std::invalid_argument);
  CHECK_THROWS_AS(backend.conv2d(x, Tensor({8, 3, 3, 2}), {}, {.groups = 2}),
                  std::invalid_argument);
  CHECK_THROWS_AS(backend.conv2d(x, Tensor({8, 3, 3, 2}), {}, {.groups = 3}),
                  std::invalid_argument);
  CHECK_THROWS_AS(backend.conv2d(x, weight, {}, {.stride = 0}), std::invalid_argument);
  CHECK_THROWS_AS(backend.conv2d(x, weight, {}, {.padding = -1}), std::invalid_argument);
  CHECK_THROWS_AS(backend.conv2d(x, weight, {}, {.dilation = 0}), std::invalid_argument);
}

TEST_CASE("Gradients of a convolution must have the shape of its result",
          "[engine][kernels][shapes]") {
  const Backend& backend = any_backend();
  const Tensor x({1, 4, 4, 6}), weight({8, 3, 3, 6}), dy({1, 4, 4, 8});
  CHECK_THROWS_MATCHES(
      backend.conv2d_backward_data(dy, weight, x.shape(), {}), std::invalid_argument,
      Message("[conv2d_backward_data] expected dy of shape [1, 2, 2, 8], got [1, 4, 4, 8]"));
  CHECK_THROWS_AS(backend.conv2d_backward_weight(dy, x, weight.shape(), {}), std::invalid_argument);
}

TEST_CASE("Matrix products need equal inner dimensions", "[engine][kernels][shapes]") {
  const Backend& backend = any_backend();
  const Tensor a({2, 3}), b({2, 3});
  CHECK_THROWS_MATCHES(backend.matmul(a, b), std::invalid_argument,
                       Message("[matmul] expected equal inner dimensions, got 3 and 2"));
  CHECK_NOTHROW(backend.matmul(a, b, true, false));
  CHECK_NOTHROW(backend.matmul(a, b, false, true));
  CHECK_THROWS_AS(backend.matmul(Tensor({2, 3, 1}), b), std::invalid_argument);
}

TEST_CASE("Batch norm wants one parameter per channel and a batch", "[engine][kernels][shapes]") {
  const Backend& backend = any_backend();
  const Tensor four({4}), five({5});
  CHECK_THROWS_MATCHES(
      backend.batch_norm_train(Tensor({2, 3, 3, 5}), four, five, 1e-5), std::invalid_argument,
      Message("[batch_norm_train] expected statistics and parameters of shape [5], got [4]"));
  CHECK_THROWS_AS(backend.batch_norm_train(Tensor({0, 5}), five, five, 1e-5),
                  std::invalid_argument);
  CHECK_THROWS_AS(backend.batch_norm_eval(Tensor({5}), five, five, five, five, 1e-5),
                  std::invalid_argument);
  CHECK_THROWS_AS(
      backend.batch_norm_backward(Tensor({3, 5}), Tensor({2, 5}), five, five, five, 1e-5),
      std::invalid_argument);
}

TEST_CASE("Pooling windows lie at least partly in the image", "[engine][kernels][shapes]") {
  const Backend& backend = any_backend();
  const Tensor x({1, 4, 4, 2});
  CHECK_THROWS_MATCHES(backend.pool2d(x, {.kernel = 2, .padding = 2}), std::invalid_argument,
                       Message("[pool2d] expected a padding from 0 to 1, got 2"));
  CHECK_THROWS_AS(backend.pool2d(x, {.kernel = 5}), std::invalid_argument);
  CHECK_THROWS_AS(backend.pool2d(x, {.kernel = 0}), std::invalid_argument);
  CHECK_THROWS_AS(backend.pool2d_backward(x, x, {}), std::invalid_argument);
}

TEST_CASE("Broadcasts and their sums go along leading axes only", "[engine][kernels][shapes]") {
  const Backend& backend = any_backend();
  const Tensor a({2, 3});
  CHECK_THROWS_MATCHES(backend.binary(kernels::Binary::add, a, Tensor({2})), std::invalid_argument,
                       Message("[binary] expected a suffix of shape [2, 3], got [2]"));
  CHECK_THROWS_AS(backend.binary(kernels::Binary::add, Tensor({3}), a), std::invalid_argument);
  CHECK_THROWS_AS(backend.sum_to(a, {2}), std::invalid_argument);
}

TEST_CASE("Kernels reject undefined tensors and dtypes they cannot compute in",
          "[engine][kernels][shapes]") {
  const Backend& backend = any_backend();
  CHECK_THROWS_AS(backend.softmax(Tensor()), std::invalid_argument);
  CHECK_THROWS_AS(backend.softmax(Tensor({2, 2}, DType::i32)), std::invalid_argument);
  CHECK_THROWS_AS(backend.softmax(Tensor(Shape{})), std::invalid_argument);
  CHECK_THROWS_AS(backend.matmul(Tensor({2, 2}), Tensor({2, 2}, DType::f64)),
                  std::invalid_argument);
  CHECK_THROWS_AS(kernels::onednn().softmax(Tensor({2, 2}, DType::f64)), std::invalid_argument);
  CHECK_THROWS_AS(kernels::default_for(DType::i32), std::invalid_argument);
}
