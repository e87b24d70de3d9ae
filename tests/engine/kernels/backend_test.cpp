// Matrix products, batch norm, pooling, softmax and elementwise functions: hand values and defining
// properties of the reference, and agreement of oneDNN with it.
#include "engine/kernels/backend.hpp"

#include <omp.h>

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <thread>
#include <vector>

#include "tests/support/nan_tensors.hpp"
#include "tests/support/tensors.hpp"

using namespace tengen;
using kernels::Backend;
using kernels::Binary;
using kernels::Pool2dParams;
using kernels::Unary;
using test::dot;
using test::random_tensor;
using test::relative_difference;

namespace {

const Backend& slow = kernels::reference();
const Backend& fast = kernels::onednn();

const Backend& any_backend() { return GENERATE(std::cref(slow), std::cref(fast)); }

std::vector<float> floats(const Tensor& tensor) {
  const auto values = tensor.values<float>();
  return {values.begin(), values.end()};
}

constexpr Unary kUnaries[] = {Unary::relu, Unary::tanh,   Unary::sigmoid, Unary::exp,
                              Unary::log,  Unary::square, Unary::negate};
constexpr Binary kBinaries[] = {Binary::add, Binary::subtract, Binary::multiply, Binary::divide};

}  // namespace

TEST_CASE("The default backend is oneDNN for float and the reference for double",
          "[engine][kernels]") {
  CHECK(kernels::default_for(DType::f32).name() == "onednn");
  CHECK(kernels::default_for(DType::f64).name() == "reference");
}

TEST_CASE("A matrix product worked by hand in all four layouts", "[engine][kernels][matmul]") {
  const Tensor a = Tensor::from<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor a_t = Tensor::from<float>({3, 2}, {1, 4, 2, 5, 3, 6});
  const Tensor b = Tensor::from<float>({3, 2}, {1, 0, 0, 1, 2, 2});
  const Tensor b_t = Tensor::from<float>({2, 3}, {1, 0, 2, 0, 1, 2});
  const std::vector<float> expected = {7, 8, 16, 17};
  const Backend& backend = any_backend();
  CHECK(floats(backend.matmul(a, b)) == expected);
  CHECK(floats(backend.matmul(a_t, b, true, false)) == expected);
  CHECK(floats(backend.matmul(a, b_t, false, true)) == expected);
  CHECK(floats(backend.matmul(a_t, b_t, true, true)) == expected);
}

TEST_CASE("oneDNN matrix products agree with the reference", "[engine][kernels][matmul][onednn]") {
  Rng rng(1);
  for (const auto& [m, n, k] :
       {std::array{1, 1, 1}, {1, 7, 33}, {256, 82, 162}, {65, 1, 256}, {17, 31, 1}, {96, 96, 2000}})
    for (bool transpose_a : {false, true})
      for (bool transpose_b : {false, true}) {
        INFO(m << " x " << k << " x " << n);
        const Tensor a = random_tensor(transpose_a ? Shape{k, m} : Shape{m, k}, rng);
        const Tensor b = random_tensor(transpose_b ? Shape{n, k} : Shape{k, n}, rng);
        CHECK(relative_difference(fast.matmul(a, b, transpose_a, transpose_b),
                                  slow.matmul(a, b, transpose_a, transpose_b)) < 1e-5);
      }
}

TEST_CASE("Batch norm makes each channel standard before scale and shift",
          "[engine][kernels][batch_norm]") {
  // Channel 0 holds 1 and 3: mean 2, biased variance 1. Channel 1 is constant.
  const Tensor x = Tensor::from<float>({2, 2}, {1, 5, 3, 5});
  const Tensor gamma = Tensor::from<float>({2}, {10, 10}), beta = Tensor::from<float>({2}, {1, 2});
  const auto [y, mean, variance] = any_backend().batch_norm_train(x, gamma, beta, 0.0625);
  CHECK(floats(mean) == std::vector<float>{2, 5});
  CHECK(floats(variance) == std::vector<float>{1, 0});
  CHECK(y.values<float>()[0] == Approx(1 - 10 / std::sqrt(1.0625)));
  CHECK(y.values<float>()[2] == Approx(1 + 10 / std::sqrt(1.0625)));
  CHECK(y.values<float>()[1] == Approx(2));
}

TEST_CASE("Batch norm with the statistics of the batch is the training one",
          "[engine][kernels][batch_norm]") {
  Rng rng(2);
  const Tensor x = random_tensor({3, 4, 5, 6}, rng);
  const Tensor gamma = random_tensor({6}, rng), beta = random_tensor({6}, rng);
  const Backend& backend = any_backend();
  const auto [y, mean, variance] = backend.batch_norm_train(x, gamma, beta, 1e-5);
  CHECK(relative_difference(backend.batch_norm_eval(x, gamma, beta, mean, variance, 1e-5), y) <
        1e-6);
}

TEST_CASE("Batch norm gradients match finite differences in double",
          "[engine][kernels][batch_norm]") {
  Rng rng(3);
  const Tensor x = random_tensor({5, 2, 3}, rng, DType::f64),
               dy = random_tensor({5, 2, 3}, rng, DType::f64);
  const Tensor gamma = random_tensor({3}, rng, DType::f64),
               beta = random_tensor({3}, rng, DType::f64);
  const auto forward = slow.batch_norm_train(x, gamma, beta, 1e-3);
  const auto gradients =
      slow.batch_norm_backward(dy, x, gamma, forward.mean, forward.variance, 1e-3);
  const auto slope = [&](Tensor at, std::size_t i, auto loss) {
    const double h = 1e-5, original = at.values<double>()[i];
    at.values<double>()[i] = original + h;
    const double up = loss();
    at.values<double>()[i] = original - h;
    const double down = loss();
    at.values<double>()[i] = original;
    return (up - down) / (2 * h);
  };
  const auto loss = [&] { return dot(slow.batch_norm_train(x, gamma, beta, 1e-3).y, dy); };
  for (std::size_t i = 0; i < 30; ++i)
    CHECK(gradients.dx.values<double>()[i] == Approx(slope(x, i, loss)).epsilon(1e-6).margin(1e-8));
  for (std::size_t c = 0; c < 3; ++c) {
    CHECK(gradients.dgamma.values<double>()[c] == Approx(slope(gamma, c, loss)).epsilon(1e-6));
    CHECK(gradients.dbeta.values<double>()[c] == Approx(slope(beta, c, loss)).epsilon(1e-6));
  }
}

TEST_CASE("oneDNN batch norm and its gradients agree with the reference",
          "[engine][kernels][batch_norm][onednn]") {
  Rng rng(4);
  for (const Shape& shape : {Shape{32, 9, 9, 96}, Shape{4, 5, 7, 3}, Shape{64, 17},
                             Shape{3, 2, 2, 1}, Shape{2, 3, 64}}) {
    INFO(to_string(shape));
    const Shape vector{shape[-1]};
    const Tensor x = random_tensor(shape, rng), dy = random_tensor(shape, rng);
    const Tensor gamma = random_tensor(vector, rng), beta = random_tensor(vector, rng);
    const auto expected = slow.batch_norm_train(x, gamma, beta, 1e-5);
    const auto actual = fast.batch_norm_train(x, gamma, beta, 1e-5);
    CHECK(relative_difference(actual.y, expected.y) < 1e-5);
    CHECK(relative_difference(actual.mean, expected.mean) < 1e-5);
    CHECK(relative_difference(actual.variance, expected.variance) < 1e-5);
    const Tensor &mean = expected.mean, &variance = expected.variance;
    CHECK(relative_difference(fast.batch_norm_eval(x, gamma, beta, mean, variance, 1e-5),
                              slow.batch_norm_eval(x, gamma, beta, mean, variance, 1e-5)) < 1e-5);
    const auto down = slow.batch_norm_backward(dy, x, gamma, mean, variance, 1e-5);
    const auto quick = fast.batch_norm_backward(dy, x, gamma, mean, variance, 1e-5);
    CHECK(relative_difference(quick.dx, down.dx) < 1e-5);
    CHECK(relative_difference(quick.dgamma, down.dgamma) < 1e-5);
    CHECK(relative_difference(quick.dbeta, down.dbeta) < 1e-5);
  }
}

TEST_CASE("Pooling worked by hand", "[engine][kernels][pool2d][C14]") {
  const Tensor x = Tensor::from<float>({1, 2, 3, 1}, {1, 5, 2, 5, 3, 4});
  const Pool2dParams max{.kernel = 2, .stride = 1};
  const Pool2dParams average{
      .kind = Pool2dParams::Kind::average, .kernel = 2, .stride = 2, .padding = 1};
  const Backend& backend = any_backend();
  CHECK(floats(backend.pool2d(x, max)) == std::vector<float>{5, 5});
  // Only cells inside count: (1), (5 + 2) / 2, (5), (3 + 4) / 2.
  CHECK(floats(backend.pool2d(x, average)) == std::vector<float>{1, 3.5f, 5, 3.5f});
  // The first of two equal maxima gets the gradient, of both windows.
  const Tensor dy = Tensor::from<float>({1, 1, 2, 1}, {10, 1});
  CHECK(floats(backend.pool2d_backward(dy, x, max)) == std::vector<float>{0, 11, 0, 0, 0, 0});
}

TEST_CASE("Average pooling's gradient is its adjoint", "[engine][kernels][pool2d][C14]") {
  Rng rng(5);
  const Pool2dParams params{
      .kind = Pool2dParams::Kind::average, .kernel = 3, .stride = 2, .padding = 1};
  const Tensor x = random_tensor({2, 7, 6, 5}, rng, DType::f64);
  const Tensor y = slow.pool2d(x, params);
  const Tensor dy = random_tensor(y.shape(), rng, DType::f64);
  CHECK(dot(y, dy) == Approx(dot(x, slow.pool2d_backward(dy, x, params))));
}

TEST_CASE("oneDNN pooling agrees with the reference", "[engine][kernels][pool2d][onednn]") {
  Rng rng(6);
  for (auto kind : {Pool2dParams::Kind::max, Pool2dParams::Kind::average})
    for (int kernel : {1, 2, 3})
      for (int stride : {1, 2, 3})
        for (int padding = 0; padding < kernel; ++padding) {
          const Pool2dParams params{kind, kernel, stride, padding};
          INFO("kernel " << kernel << " stride " << stride << " padding " << padding);
          const Tensor x = random_tensor({2, 8, 7, kernel == 2 ? 71 : 19}, rng);
          const Tensor y = slow.pool2d(x, params);
          CHECK(relative_difference(fast.pool2d(x, params), y) < 1e-5);
          const Tensor dy = random_tensor(y.shape(), rng);
          CHECK(relative_difference(fast.pool2d_backward(dy, x, params),
                                    slow.pool2d_backward(dy, x, params)) < 1e-5);
        }
}

TEST_CASE("Gradients of windows that tile the image agree with the reference",
          "[engine][kernels][pool2d][onednn]") {
  Rng rng(16);
  const auto kind = GENERATE(Pool2dParams::Kind::max, Pool2dParams::Kind::average);
  const int kernel = GENERATE(2, 3), channels = GENERATE(5, 16, 30);
  const Pool2dParams params{.kind = kind, .kernel = kernel, .stride = kernel};
  const Tensor x = random_tensor({2, 6, 12, channels}, rng);
  const Tensor dy = random_tensor(slow.pool2d(x, params).shape(), rng);
  CHECK(relative_difference(fast.pool2d_backward(dy, x, params),
                            slow.pool2d_backward(dy, x, params)) < 1e-6);
}

TEST_CASE("Softmax rows are distributions also for large logits", "[engine][kernels][softmax]") {
  const Tensor x =
      Tensor::from<float>({2, 3}, {1000, 1000, 1000, 0, std::log(2.0f), std::log(5.0f)});
  const Backend& backend = any_backend();
  const Tensor y = backend.softmax(x), logs = backend.log_softmax(x);
  const std::vector<double> expected = {1 / 3.0, 1 / 3.0, 1 / 3.0, 0.125, 0.25, 0.625};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(y.values<float>()[i] == Approx(expected[i]).epsilon(1e-5));
    CHECK(logs.values<float>()[i] == Approx(std::log(expected[i])).epsilon(1e-4));
  }
}

TEST_CASE("oneDNN softmax agrees with the reference", "[engine][kernels][softmax][onednn]") {
  Rng rng(7);
  for (const Shape& shape : {Shape{256, 82}, Shape{3, 4, 7}, Shape{5}, Shape{9, 2}}) {
    INFO(to_string(shape));
    const Tensor x = random_tensor(shape, rng);
    CHECK(relative_difference(fast.softmax(x), slow.softmax(x)) < 1e-5);
    CHECK(relative_difference(fast.log_softmax(x), slow.log_softmax(x)) < 1e-5);
  }
}

TEST_CASE("Unary functions worked by hand", "[engine][kernels][elementwise]") {
  const Tensor x = Tensor::from<float>({2}, {-2, 0.5f});
  const Backend& backend = any_backend();
  const auto at = [&](Unary op, int i) {
    return Approx(backend.unary(op, x).values<float>()[i]).epsilon(1e-5);
  };
  CHECK(at(Unary::relu, 0) == 0);
  CHECK(at(Unary::relu, 1) == 0.5);
  CHECK(at(Unary::tanh, 0) == std::tanh(-2.0));
  CHECK(at(Unary::sigmoid, 0) == 1 / (1 + std::exp(2.0)));
  CHECK(at(Unary::exp, 1) == std::exp(0.5));
  CHECK(at(Unary::log, 1) == std::log(0.5));
  CHECK(at(Unary::square, 0) == 4);
  CHECK(at(Unary::negate, 0) == 2);
}

TEST_CASE("Gradients of unary functions match finite differences",
          "[engine][kernels][elementwise]") {
  const Tensor x = Tensor::from<double>({4}, {0.3, 0.9, 1.7, 2.4});
  const Tensor ones = Tensor::full({4}, 1, DType::f64), step = Tensor::full({4}, 1e-6, DType::f64);
  for (Unary op : kUnaries) {
    const Tensor slope =
        slow.binary(Binary::divide,
                    slow.binary(Binary::subtract, slow.unary(op, slow.binary(Binary::add, x, step)),
                                slow.unary(op, slow.binary(Binary::subtract, x, step))),
                    Tensor::full({}, 2e-6, DType::f64));
    CHECK(relative_difference(slow.unary_backward(op, ones, x, slow.unary(op, x)), slope) < 1e-8);
  }
}

TEST_CASE("oneDNN unary functions and their gradients agree with the reference",
          "[engine][kernels][elementwise][onednn]") {
  Rng rng(8);
  for (Unary op : kUnaries)
    for (const Shape& shape : {Shape{}, Shape{7, 3}, Shape{33, 9, 9, 5}}) {
      INFO(static_cast<int>(op) << " " << to_string(shape));
      Tensor x = random_tensor(shape, rng);
      if (op == Unary::log) x = slow.unary(Unary::exp, x);
      const Tensor y = slow.unary(op, x), dy = random_tensor(shape, rng);
      CHECK(relative_difference(fast.unary(op, x), y) < 1e-5);
      CHECK(relative_difference(fast.unary_backward(op, dy, x, y),
                                slow.unary_backward(op, dy, x, y)) < 1e-5);
    }
}

TEST_CASE("The second operand is broadcast along the leading axes",
          "[engine][kernels][elementwise]") {
  const Tensor a = Tensor::from<float>({2, 2}, {8, 6, 4, 2}), b = Tensor::from<float>({2}, {2, 4});
  const Backend& backend = any_backend();
  CHECK(floats(backend.binary(Binary::add, a, b)) == std::vector<float>{10, 10, 6, 6});
  CHECK(floats(backend.binary(Binary::subtract, a, b)) == std::vector<float>{6, 2, 2, -2});
  CHECK(floats(backend.binary(Binary::multiply, a, b)) == std::vector<float>{16, 24, 8, 8});
  CHECK(floats(backend.binary(Binary::divide, a, b)) == std::vector<float>{4, 1.5f, 2, 0.5f});
  CHECK(floats(backend.binary(Binary::add, a, Tensor::full({}, 1))) ==
        std::vector<float>{9, 7, 5, 3});
}

TEST_CASE("oneDNN broadcasts and sums agree with the reference",
          "[engine][kernels][elementwise][onednn]") {
  Rng rng(9);
  for (const auto& [shape, suffix] : {std::pair<Shape, Shape>{{64, 9, 9, 96}, {64, 9, 9, 96}},
                                      {{64, 9, 9, 96}, {96}},
                                      {{64, 9, 9, 33}, {9, 33}},
                                      {{100000}, {}},
                                      {{5, 3}, {3}},
                                      {{70001, 1}, {1}},
                                      {{3, 70001}, {70001}}}) {
    INFO(to_string(shape) << " " << to_string(suffix));
    const Tensor a = random_tensor(shape, rng), b = random_tensor(suffix, rng);
    for (Binary op : kBinaries)
      CHECK(relative_difference(fast.binary(op, a, b), slow.binary(op, a, b)) == 0);
    CHECK(relative_difference(fast.sum_to(a, suffix), slow.sum_to(a, suffix)) < 1e-5);
  }
}

TEST_CASE("Sums add what the broadcast repeated", "[engine][kernels][elementwise]") {
  const Tensor x = Tensor::from<float>({2, 3}, {1, 2, 3, 10, 20, 30});
  const Backend& backend = any_backend();
  CHECK(floats(backend.sum_to(x, {3})) == std::vector<float>{11, 22, 33});
  CHECK(backend.sum_to(x, {}).item() == 66);
  CHECK(floats(backend.sum_to(Tensor({0, 2}), {2})) == std::vector<float>{0, 0});
}

TEST_CASE("Sums do not depend on the number of threads", "[engine][kernels][threads]") {
  Rng rng(10);
  const Tensor x = random_tensor({50000, 7}, rng);
  const auto sums_with = [&](int threads) {
    const kernels::ScopedThreads scope(threads);
    return floats(fast.sum_to(x, {7}));
  };
  CHECK(sums_with(1) == sums_with(4));
}

TEST_CASE("A thread guard restores the count and leaves other threads alone",
          "[engine][kernels][threads]") {
  const int before = omp_get_max_threads();
  {
    const kernels::ScopedThreads outer(3);
    CHECK(omp_get_max_threads() == 3);
    {
      const kernels::ScopedThreads inner(1);
      CHECK(omp_get_max_threads() == 1);
    }
    CHECK(omp_get_max_threads() == 3);
    int elsewhere = 0;
    std::thread([&] { elsewhere = omp_get_max_threads(); }).join();
    CHECK(elsewhere == before);
  }
  CHECK(omp_get_max_threads() == before);
  CHECK_THROWS_AS(kernels::ScopedThreads(0), std::invalid_argument);
}

TEST_CASE("Kernels give the same results from many threads at once", "[engine][kernels][threads]") {
  Rng rng(11);
  const Tensor x = random_tensor({4, 9, 9, 16}, rng), weight = random_tensor({16, 3, 3, 16}, rng);
  const kernels::Conv2dParams params{.padding = 1};
  const Tensor expected = slow.conv2d(x, weight, {}, params);
  std::vector<double> differences(4, INFINITY);
  std::vector<std::thread> threads;
  for (double& difference : differences)
    threads.emplace_back([&] {
      const kernels::ScopedThreads scope(1);
      difference = 0;
      for (int round = 0; round < 20; ++round)
        difference =
            std::max(difference, relative_difference(fast.conv2d(x, weight, {}, params), expected));
    });
  for (std::thread& thread : threads) thread.join();
  for (double difference : differences) CHECK(difference < 1e-5);
}

TEST_CASE("The residual and the ReLU after a batch norm agree with separate steps",
          "[engine][kernels][batch_norm][onednn]") {
  Rng rng(40);
  for (const Shape& shape :
       {Shape{32, 9, 9, 96}, Shape{4, 5, 7, 3}, Shape{300, 1}, Shape{2, 3, 64}}) {
    INFO(to_string(shape));
    const Shape vector{shape[-1]};
    const Tensor x = random_tensor(shape, rng), dy = random_tensor(shape, rng);
    const Tensor residual = random_tensor(shape, rng);
    const Tensor gamma = random_tensor(vector, rng), beta = random_tensor(vector, rng);
    const auto plain = slow.batch_norm_train(x, gamma, beta, 1e-5);
    const Tensor y = slow.unary(Unary::relu, slow.binary(Binary::add, plain.y, residual));
    for (const Backend* backend : {&slow, &fast}) {
      const auto fused = backend->batch_norm_train(x, gamma, beta, 1e-5, {residual, true});
      CHECK(relative_difference(fused.y, y) < 1e-5);
      CHECK(relative_difference(backend->batch_norm_eval(x, gamma, beta, plain.mean, plain.variance,
                                                         1e-5, {residual, true}),
                                y) < 1e-5);
      const Tensor dz = slow.unary_backward(Unary::relu, dy, x, y);
      const auto expected =
          slow.batch_norm_backward(dz, x, gamma, plain.mean, plain.variance, 1e-5);
      const auto back = backend->batch_norm_backward(dy, x, gamma, plain.mean, plain.variance, 1e-5,
                                                     {.y = y, .residual = true});
      CHECK(relative_difference(back.dresidual, dz) == 0);
      CHECK(relative_difference(back.dx, expected.dx) < 1e-5);
      CHECK(relative_difference(back.dgamma, expected.dgamma) < 1e-5);
      CHECK(relative_difference(back.dbeta, expected.dbeta) < 1e-5);
    }
  }
}

TEST_CASE("Batch statistics do not cancel when the mean is large",
          "[engine][kernels][batch_norm][onednn]") {
  Rng rng(41);
  Tensor x = random_tensor({500, 8}, rng);
  for (float& value : x.values<float>()) value += 1000;
  const Tensor ones = Tensor::full({8}, 1.0);
  CHECK(relative_difference(fast.batch_norm_train(x, ones, ones, 1e-5).variance,
                            slow.batch_norm_train(x, ones, ones, 1e-5).variance) < 1e-4);
}

TEST_CASE("Batch norm does not depend on the number of threads",
          "[engine][kernels][batch_norm][onednn]") {
  Rng rng(42);
  const Tensor x = random_tensor({64, 9, 9, 16}, rng), ones = Tensor::full({16}, 1.0);
  const auto run = [&](int threads) {
    const kernels::ScopedThreads scope(threads);
    const auto forward = fast.batch_norm_train(x, ones, ones, 1e-5, {.residual = {}, .relu = true});
    return fast.batch_norm_backward(x, x, ones, forward.mean, forward.variance, 1e-5).dx;
  };
  CHECK(floats(run(1)) == floats(run(3)));
}

TEST_CASE("Batch norm of bf16 images is the rounded result of float ones",
          "[engine][kernels][batch_norm][bf16]") {
  Rng rng(43);
  const Shape shape{16, 9, 9, 24};
  const Tensor x = random_tensor(shape, rng, DType::bf16),
               dy = random_tensor(shape, rng, DType::bf16);
  const Tensor residual = random_tensor(shape, rng, DType::bf16);
  const Tensor gamma = random_tensor({24}, rng), beta = random_tensor({24}, rng);
  const auto wide = [](const Tensor& t) { return t.to(DType::f32); };
  const auto expected = fast.batch_norm_train(wide(x), gamma, beta, 1e-5, {wide(residual), true});
  const auto actual = fast.batch_norm_train(x, gamma, beta, 1e-5, {residual, true});
  CHECK(actual.mean.dtype() == DType::f32);
  CHECK(floats(actual.variance) == floats(expected.variance));
  CHECK(relative_difference(actual.y, expected.y.to(DType::bf16)) == 0);
  const auto down =
      fast.batch_norm_backward(wide(dy), wide(x), gamma, expected.mean, expected.variance, 1e-5,
                               {.y = wide(actual.y), .residual = true});
  const auto back = fast.batch_norm_backward(dy, x, gamma, expected.mean, expected.variance, 1e-5,
                                             {.y = actual.y, .residual = true});
  CHECK(relative_difference(back.dx, down.dx.to(DType::bf16)) == 0);
  CHECK(relative_difference(back.dresidual, down.dresidual) == 0);
  CHECK(floats(back.dgamma) == floats(down.dgamma));
}

TEST_CASE("Casting to bf16 rounds every kind of number as to_bfloat16 does",
          "[engine][kernels][bf16]") {
  std::vector<float> numbers = {0.0f,   -0.0f,    1.0f,      1.00390625f, 1.01171875f, 3e38f,
                                1e-40f, INFINITY, -INFINITY, NAN,         -NAN};
  numbers.push_back(std::bit_cast<float>(0x7fffffffu));  // a NaN that rounding would overflow
  Rng rng(44);
  for (int i = 0; i < 1000; ++i) numbers.push_back(static_cast<float>(rng.normal()));
  const Tensor x = Tensor::from<float>({std::int64_t(numbers.size())}, numbers);
  const Tensor y = kernels::cast(x, DType::bf16);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    INFO(numbers[i]);
    CHECK(y.values<BFloat16>()[i].bits == to_bfloat16(numbers[i]).bits);
  }
  const Tensor back = kernels::cast(y, DType::f32);
  CHECK(back.values<float>()[3] == to_float(to_bfloat16(numbers[3])));
}

TEST_CASE("Sums in place add element by element in every dtype", "[engine][kernels]") {
  Rng rng(45);
  for (DType dtype : {DType::f32, DType::bf16, DType::f64}) {
    const Tensor a = random_tensor({40000}, rng, dtype), b = random_tensor({40000}, rng, dtype);
    Tensor sum = a.clone();
    kernels::add_in_place(sum, b);
    CHECK(relative_difference(sum, kernels::default_for(dtype).binary(Binary::add, a, b)) == 0);
    CHECK_THROWS_AS(kernels::add_in_place(sum, Tensor({3}, dtype)), std::invalid_argument);
  }
}
