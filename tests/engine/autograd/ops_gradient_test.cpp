// Every op against central differences, in double; first the check itself.
#include <catch2/catch.hpp>
#include <numeric>

#include "engine/autograd/ops_conv.hpp"
#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_linear.hpp"
#include "engine/autograd/ops_norm.hpp"
#include "engine/autograd/ops_pool.hpp"
#include "engine/autograd/ops_shape.hpp"
#include "engine/autograd/ops_softmax.hpp"
#include "tests/support/gradient_check.hpp"

using namespace tengen;
using namespace tengen::test;
using Inputs = std::vector<Variable>;

TEST_CASE("The gradient check notices a factor that is wrong by one part in 100000",
          "[autograd][gradient]") {
  Rng rng(0);
  const Variable x(uniform_doubles({3}, rng), true);
  const auto wrong_by = [&](double factor) {
    const auto forward = [&] {
      return Variable::make(x.value().clone(), {x}, [factor](const Tensor& grad) {
        return std::vector<Tensor>{scale(Variable(grad), factor).value()};
      });
    };
    return measure_gradients(forward, {{"x", x}}).worst;
  };
  CHECK(wrong_by(1) < 1e-10);
  CHECK(wrong_by(1 + 1e-5) > kGradientTolerance);
}

TEST_CASE("matmul passes the gradient check with either factor transposed",
          "[autograd][gradient]") {
  Rng rng(1);
  const bool transpose_a = GENERATE(false, true), transpose_b = GENERATE(false, true);
  const Tensor a = uniform_doubles(transpose_a ? Shape{3, 2} : Shape{2, 3}, rng);
  const Tensor b = uniform_doubles(transpose_b ? Shape{4, 3} : Shape{3, 4}, rng);
  check_gradients([&](const Inputs& x) { return matmul(x[0], x[1], transpose_a, transpose_b); },
                  {a, b});
}

TEST_CASE("A batch of matmuls passes the gradient check with either factor transposed",
          "[autograd][gradient]") {
  Rng rng(1);
  const bool transpose_a = GENERATE(false, true), transpose_b = GENERATE(false, true);
  const Tensor a = uniform_doubles(transpose_a ? Shape{2, 3, 2} : Shape{2, 2, 3}, rng);
  const Tensor b = uniform_doubles(transpose_b ? Shape{2, 4, 3} : Shape{2, 3, 4}, rng);
  check_gradients([&](const Inputs& x) { return matmul(x[0], x[1], transpose_a, transpose_b); },
                  {a, b});
}

TEST_CASE("conv2d passes the gradient check", "[autograd][gradient]") {
  Rng rng(2);
  const kernels::Conv2dParams params =
      GENERATE(kernels::Conv2dParams{}, kernels::Conv2dParams{.padding = 1},
               kernels::Conv2dParams{.stride = 2, .padding = 1},
               kernels::Conv2dParams{.padding = 2, .dilation = 2},
               kernels::Conv2dParams{.padding = 1, .groups = 2});
  const Tensor x = uniform_doubles({2, 5, 4, 4}, rng);
  const Tensor weight = uniform_doubles({6, 3, 3, 4 / params.groups}, rng);
  const Tensor bias = uniform_doubles({6}, rng);
  check_gradients([&](const Inputs& v) { return conv2d(v[0], v[1], v[2], params); },
                  {x, weight, bias});
  check_gradients([&](const Inputs& v) { return conv2d(v[0], v[1], Variable(), params); },
                  {x, weight});
}

TEST_CASE("Batch norm passes the gradient check in both modes", "[autograd][gradient]") {
  Rng rng(3);
  const Tensor x = uniform_doubles({2, 3, 2, 3}, rng), gamma = uniform_doubles({3}, rng, 0.5, 2);
  const Tensor beta = uniform_doubles({3}, rng), mean = uniform_doubles({3}, rng);
  const Tensor variance = uniform_doubles({3}, rng, 0.5, 2);
  check_gradients([](const Inputs& v) { return batch_norm_train(v[0], v[1], v[2], 1e-5).y; },
                  {x, gamma, beta});
  check_gradients(
      [&](const Inputs& v) { return batch_norm_eval(v[0], v[1], v[2], mean, variance, 1e-5); },
      {x, gamma, beta});
}

TEST_CASE("Batch norm with residual and ReLU passes the gradient check", "[autograd][gradient]") {
  Rng rng(31);
  const Tensor x = uniform_doubles({2, 3, 2, 3}, rng), gamma = uniform_doubles({3}, rng, 0.5, 2);
  const Tensor beta = uniform_doubles({3}, rng);
  // The residual keeps every sum at least 1 from the ReLU's kink: the norm itself is below 10.
  const Tensor residual = random_away_from_zero({2, 3, 2, 3}, rng);
  for (double& r : Tensor(residual).values<double>()) r *= 100;
  check_gradients(
      [](const Inputs& v) {
        return batch_norm_train(v[0], v[1], v[2], 1e-5, {.residual = v[3], .relu = true}).y;
      },
      {x, gamma, beta, residual});
  check_gradients(
      [](const Inputs& v) {
        return batch_norm_train(v[0], v[1], v[2], 1e-5, {.residual = v[3]}).y;
      },
      {x, gamma, beta, residual});
}

TEST_CASE("A cast passes its gradient back in the dtype of its input", "[autograd][gradient]") {
  const Variable x(Tensor::from<float>({2}, {1.0f, 2.5f}), true);
  const Variable y = cast(x, DType::bf16);
  CHECK(y.dtype() == DType::bf16);
  sum(multiply(full_precision(y), Variable(Tensor::from<float>({2}, {3.0f, 0.3f})))).backward();
  CHECK(x.grad().values<float>()[0] == 3.0f);
  CHECK(x.grad().values<float>()[1] == to_float(to_bfloat16(0.3f)));
  CHECK(full_precision(x).value().shares_storage_with(x.value()));
}

TEST_CASE("Average pooling passes the gradient check", "[autograd][gradient]") {
  Rng rng(4);
  const kernels::Pool2dParams params{
      .kind = kernels::Pool2dParams::Kind::average, .kernel = 3, .stride = 2, .padding = 1};
  check_gradients([&](const Inputs& v) { return pool2d(v[0], params); },
                  {uniform_doubles({2, 5, 4, 2}, rng)});
}

TEST_CASE("Max pooling passes the gradient check on distinct values", "[autograd][gradient]") {
  Rng rng(5);
  std::vector<double> values(2 * 5 * 4 * 2);
  std::iota(values.begin(), values.end(), -20.0);
  rng.shuffle(std::span(values));
  const Tensor x = Tensor::from({2, 5, 4, 2}, std::span<const double>(values));
  const kernels::Pool2dParams params{.kernel = 2, .stride = 1};
  check_gradients([&](const Inputs& v) { return pool2d(v[0], params); }, {x});
}

TEST_CASE("Softmax and log softmax pass the gradient check", "[autograd][gradient]") {
  Rng rng(6);
  const Tensor x = uniform_doubles({2, 3, 4}, rng, -2, 2);
  check_gradients([](const Inputs& v) { return softmax(v[0]); }, {x});
  check_gradients([](const Inputs& v) { return log_softmax(v[0]); }, {x});
}

TEST_CASE("Elementwise arithmetic passes the gradient check with and without broadcast",
          "[autograd][gradient]") {
  Rng rng(7);
  const Shape b_shape = GENERATE(Shape{2, 3, 4}, Shape{3, 4}, Shape{4}, Shape{});
  const Tensor a = uniform_doubles({2, 3, 4}, rng), b = uniform_doubles(b_shape, rng, 0.5, 2);
  check_gradients([](const Inputs& v) { return add(v[0], v[1]); }, {a, b});
  check_gradients([](const Inputs& v) { return subtract(v[0], v[1]); }, {a, b});
  check_gradients([](const Inputs& v) { return multiply(v[0], v[1]); }, {a, b});
  check_gradients([](const Inputs& v) { return divide(v[0], v[1]); }, {a, b});
}

TEST_CASE("Elementwise functions pass the gradient check", "[autograd][gradient]") {
  Rng rng(8);
  const Tensor x = random_away_from_zero({3, 4}, rng), positive = uniform_doubles({5}, rng, 0.3, 2);
  check_gradients([](const Inputs& v) { return relu(v[0]); }, {x});
  check_gradients([](const Inputs& v) { return tanh(v[0]); }, {x});
  check_gradients([](const Inputs& v) { return sigmoid(v[0]); }, {x});
  check_gradients([](const Inputs& v) { return exp(v[0]); }, {x});
  check_gradients([](const Inputs& v) { return log(v[0]); }, {positive});
  check_gradients([](const Inputs& v) { return square(v[0]); }, {x});
  check_gradients([](const Inputs& v) { return scale(v[0], -2.5); }, {x});
}

TEST_CASE("Reshape and the reductions pass the gradient check", "[autograd][gradient]") {
  Rng rng(9);
  const Tensor x = uniform_doubles({2, 3, 4}, rng);
  check_gradients([](const Inputs& v) { return square(reshape(v[0], {4, 6})); }, {x});
  check_gradients([](const Inputs& v) { return sum(square(v[0])); }, {x});
  check_gradients([](const Inputs& v) { return mean(square(v[0])); }, {x});
  check_gradients([](const Inputs& v) { return sum_last_axis(square(v[0])); }, {x});
}
