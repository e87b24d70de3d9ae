#include "engine/autograd/variable.hpp"

#include <catch2/catch.hpp>

#include "engine/autograd/ops_elementwise.hpp"
#include "engine/autograd/ops_shape.hpp"

using namespace tengen;

namespace {

Variable scalar(double x) { return Variable(Tensor::full(Shape(), x, DType::f64), true); }
Variable vector(std::initializer_list<double> xs) {
  return Variable(Tensor::from(Shape{std::int64_t(xs.size())}, xs), true);
}

}  // namespace

TEST_CASE("The chain rule gives 2 (x + y) for the square of x + y", "[autograd][C2]") {
  const Variable x = scalar(3), y = scalar(-5);
  square(add(x, y)).backward();
  CHECK(x.grad().item() == -4);
  CHECK(y.grad().item() == -4);
}

TEST_CASE("The gradient of (2 x1 + 3 x2) * 4 is 8 and 12", "[autograd][C3]") {
  const Variable x1 = scalar(1), x2 = scalar(7);
  scale(add(scale(x1, 2), scale(x2, 3)), 4).backward();
  CHECK(x1.grad().item() == 8);
  CHECK(x2.grad().item() == 12);
}

TEST_CASE("The gradients of the shopping graph are those of its bill", "[autograd][C1]") {
  // 2 apples at 100 and 3 oranges at 150, tax 1.1: 715.
  const Variable apples = scalar(2), apple = scalar(100), oranges = scalar(3), orange = scalar(150);
  const Variable tax = scalar(1.1);
  const Variable bill = multiply(add(multiply(apples, apple), multiply(oranges, orange)), tax);
  CHECK(bill.value().item() == Approx(715));
  bill.backward();
  CHECK(apple.grad().item() == Approx(2.2));
  CHECK(apples.grad().item() == Approx(110));
  CHECK(orange.grad().item() == Approx(3.3));
  CHECK(oranges.grad().item() == Approx(165));
  CHECK(tax.grad().item() == Approx(650));
}

TEST_CASE("A value used several times sums the gradients of its uses", "[autograd]") {
  const Variable x = scalar(3);
  // x + x + x^2 + 5 x: 2 + 2 x + 5.
  add(add(add(x, x), square(x)), scale(x, 5)).backward();
  CHECK(x.grad().item() == 13);
}

TEST_CASE("Accumulating into one gradient leaves those that share its storage alone",
          "[autograd]") {
  const Variable a = vector({1, 2}), b = vector({3, 4});
  const Variable y = add(a, b);  // hands one tensor to both
  sum(add(add(add(y, scale(a, 2)), scale(a, 3)), scale(a, 4))).backward();
  CHECK(a.grad().values<double>()[0] == 10);
  CHECK(a.grad().values<double>()[1] == 10);
  CHECK(b.grad().values<double>()[0] == 1);
  CHECK(b.grad().values<double>()[1] == 1);
}

TEST_CASE("A second backward adds to the gradients until they are zeroed", "[autograd]") {
  Variable x = scalar(3);
  const Variable y = square(square(x));
  y.backward();
  CHECK(x.grad().item() == 108);
  y.backward();
  CHECK(x.grad().item() == 216);
  x.zero_grad();
  CHECK_FALSE(x.grad().defined());
  y.backward();
  CHECK(x.grad().item() == 108);
}

TEST_CASE("Only what requires a gradient is recorded", "[autograd]") {
  const Variable data(Tensor::full(Shape(), 2.0, DType::f64));
  CHECK_FALSE(square(data).requires_grad());
  const Variable x = scalar(3);
  const Variable y = multiply(x, square(data));
  CHECK(y.requires_grad());
  y.backward();
  CHECK(x.grad().item() == 4);
  CHECK_FALSE(data.grad().defined());
}

TEST_CASE("Nothing is recorded under NoGrad and guards nest", "[autograd]") {
  const Variable x = scalar(3);
  {
    const NoGrad outer;
    { const NoGrad inner; }
    CHECK_FALSE(square(x).requires_grad());
  }
  CHECK(square(x).requires_grad());
}

TEST_CASE("Backward needs a single element that requires a gradient", "[autograd]") {
  CHECK_THROWS_AS(vector({1, 2}).backward(), std::invalid_argument);
  CHECK_THROWS_AS(Variable(Tensor::full(Shape(), 1.0)).backward(), std::invalid_argument);
  CHECK_THROWS_AS(Variable().backward(), std::invalid_argument);
  CHECK_THROWS_AS(Variable(Tensor({1}, DType::i32), true), std::invalid_argument);
}

TEST_CASE("A gradient that is set must have the shape and dtype of the value", "[autograd]") {
  Variable x = vector({1, 2});
  CHECK_THROWS_AS(x.set_grad(Tensor::zeros({3}, DType::f64)), std::invalid_argument);
  CHECK_THROWS_AS(x.set_grad(Tensor::zeros({2}, DType::f32)), std::invalid_argument);
}

TEST_CASE("A chain of 300000 ops is walked and freed without recursion", "[autograd]") {
  const Variable x = scalar(1);
  const auto pass_on = [](const Tensor& grad) { return std::vector<Tensor>{grad}; };
  {
    Variable y = x;
    for (int i = 0; i < 300000; ++i) y = Variable::make(y.value(), {y}, pass_on);
    y.backward();
  }
  CHECK(x.grad().item() == 1);
}

TEST_CASE("A deep graph with shared nodes is freed without recursion", "[autograd]") {
  const Variable x = scalar(1);
  const auto to_both = [](const Tensor& grad) { return std::vector<Tensor>{grad, grad}; };
  Variable kept;
  {
    Variable y = x;
    for (int i = 0; i < 200000; ++i) {
      y = Variable::make(y.value(), {y, y}, to_both);
      if (i == 2) kept = y;
    }
  }
  kept.backward();  // still whole: 2 * 2 * 2 paths to x
  CHECK(x.grad().item() == 8);
}
