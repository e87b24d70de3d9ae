#include "engine/tensor/tensor.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using namespace tengen;
using Catch::Matchers::Message;

namespace {
std::vector<float> floats(const Tensor& tensor) {
  const auto values = tensor.values<float>();
  return {values.begin(), values.end()};
}
}  // namespace

TEST_CASE("Rows are a view of the first axis", "[engine][tensor]") {
  Tensor a = Tensor::from<float>({3, 2}, {1, 2, 3, 4, 5, 6});
  Tensor b = a.rows(1, 3);
  CHECK(b.shape() == Shape{2, 2});
  CHECK(b.values<float>()[0] == 3);
  CHECK(b.shares_storage_with(a));
  b.values<float>()[3] = 7;
  CHECK(a.values<float>()[5] == 7);
  CHECK(a.rows(2, 2).size() == 0);
  CHECK_THROWS_AS(a.rows(2, 4), std::invalid_argument);
}

TEST_CASE("A shape knows its dimensions from both ends", "[engine][tensor]") {
  const Shape shape{32, 9, 9, 17};
  CHECK(shape.rank() == 4);
  CHECK(shape.size() == 32 * 9 * 9 * 17);
  CHECK(shape[0] == 32);
  CHECK(shape[-1] == 17);
  CHECK(to_string(shape) == "[32, 9, 9, 17]");
  CHECK(to_string(Shape{}) == "[]");
  CHECK(Shape{}.size() == 1);
  CHECK(Shape{0, 5}.size() == 0);
  CHECK(Shape{2, 3} == Shape(std::vector<std::int64_t>{2, 3}));
  CHECK_FALSE(Shape{2, 3} == Shape{2, 3, 1});
}

TEST_CASE("A shape rejects axes and dimensions that do not exist", "[engine][tensor]") {
  CHECK_THROWS_MATCHES((Shape{2, 3}[2]), std::invalid_argument,
                       Message("[shape] expected an axis of [2, 3], got 2"));
  CHECK_THROWS_AS((Shape{2, 3}[-3]), std::invalid_argument);
  CHECK_THROWS_AS((Shape{1, 1, 1, 1, 1, 1, 1}), std::invalid_argument);
  CHECK_THROWS_AS((Shape{2, -1}), std::invalid_argument);
}

TEST_CASE("Copies share storage and clones do not", "[engine][tensor]") {
  Tensor a = Tensor::zeros({2, 2});
  Tensor shared = a, cloned = a.clone();
  a.fill(3);
  CHECK(shared.shares_storage_with(a));
  CHECK(floats(shared) == std::vector<float>(4, 3.0f));
  CHECK(floats(cloned) == std::vector<float>(4, 0.0f));
  CHECK_FALSE(Tensor().defined());
  CHECK_FALSE(Tensor().clone().defined());
}

TEST_CASE("Reshape keeps the numbers and their order", "[engine][tensor]") {
  const Tensor a = Tensor::from<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor b = a.reshape({3, 2});
  CHECK(b.shares_storage_with(a));
  CHECK(floats(b) == floats(a));
  CHECK_THROWS_MATCHES(a.reshape({4}), std::invalid_argument,
                       Message("[reshape] expected a shape of 6 elements, got [4]"));
}

TEST_CASE("Copy from another tensor needs the same shape and dtype", "[engine][tensor]") {
  Tensor a = Tensor::zeros({3});
  a.copy_from(Tensor::from<float>({3}, {1, 2, 3}));
  CHECK(floats(a) == std::vector<float>{1, 2, 3});
  CHECK_THROWS_AS(a.copy_from(Tensor({1, 3})), std::invalid_argument);
  CHECK_THROWS_AS(a.copy_from(Tensor({3}, DType::f64)), std::invalid_argument);
  CHECK_THROWS_AS(a.copy_from(Tensor()), std::invalid_argument);
}

TEST_CASE("Elements are reached by their own type only", "[engine][tensor]") {
  Tensor a({2}, DType::i32);
  a.fill(7);
  CHECK(a.values<std::int32_t>()[1] == 7);
  CHECK_THROWS_MATCHES(a.values<float>(), std::invalid_argument,
                       Message("[tensor] expected dtype f32, got i32"));
  CHECK_THROWS_AS(Tensor().values<float>(), std::invalid_argument);
  CHECK_THROWS_AS((Tensor::from<float>({2}, {1, 2, 3})), std::invalid_argument);
}

TEST_CASE("Item is the only element of any dtype", "[engine][tensor]") {
  for (DType dtype : {DType::f32, DType::f64, DType::bf16, DType::i32})
    CHECK(Tensor::full({1, 1}, -3, dtype).item() == -3);
  CHECK_THROWS_AS(Tensor::zeros({2}).item(), std::invalid_argument);
}

TEST_CASE("Conversion between dtypes rounds to the target", "[engine][tensor]") {
  const Tensor a = Tensor::from<double>({3}, {1.0, -2.7, 0.1});
  CHECK(floats(a.to(DType::f32)) == std::vector<float>{1.0f, -2.7f, 0.1f});
  CHECK(a.to(DType::i32).values<std::int32_t>()[1] == -2);
  CHECK(a.to(DType::bf16).to(DType::f64).values<double>()[0] == 1.0);
  CHECK(a.to(DType::f64).shares_storage_with(a));
}

TEST_CASE("Every bfloat16 survives the way to float and back", "[engine][tensor][bf16]") {
  for (std::uint32_t bits = 0; bits <= 0xffff; ++bits) {
    const BFloat16 x{static_cast<std::uint16_t>(bits)};
    const float value = to_float(x);
    if (std::isnan(value))
      CHECK(std::isnan(to_float(to_bfloat16(value))));
    else if (to_bfloat16(value).bits != x.bits)
      FAIL("bits " << bits);
  }
}

TEST_CASE("bfloat16 rounds to nearest and ties to even", "[engine][tensor][bf16]") {
  const float step = 0x1.0p-7f;  // between neighbours just above 1
  CHECK(to_float(to_bfloat16(1 + 0.4f * step)) == 1.0f);
  CHECK(to_float(to_bfloat16(1 + 0.6f * step)) == 1.0f + step);
  CHECK(to_float(to_bfloat16(1 + 0.5f * step)) == 1.0f);
  CHECK(to_float(to_bfloat16(1 + 1.5f * step)) == 1.0f + 2 * step);
  CHECK(std::isinf(to_float(to_bfloat16(std::numeric_limits<float>::max()))));
  // A NaN whose payload lies in the lower half only.
  CHECK(std::isnan(to_float(to_bfloat16(std::bit_cast<float>(0x7f800001u)))));
}
