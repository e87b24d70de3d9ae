#include "engine/kernels/onednn/primitive.hpp"

#include <omp.h>

#include "engine/base/check.hpp"
#include "engine/base/hash.hpp"

namespace tengen::kernels::dnn {

namespace {

// A training step of a deep net uses a few dozen shapes. At the bound the cache starts afresh.
constexpr std::size_t kMaxPrepared = 1024;

struct KeyHash {
  std::size_t operator()(const PrimitiveKey& key) const { return key.hash(); }
};

dnnl::stream& thread_stream() {
  thread_local dnnl::stream stream(cpu_engine());
  return stream;
}

}  // namespace

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::memory::desc strided(const dnnl::memory::dims& dims, const dnnl::memory::dims& strides) {
  return {dims, dnnl::memory::data_type::f32, strides};
}

dnnl::memory::desc matrix(std::int64_t rows, std::int64_t columns) {
  return strided({rows, columns}, {columns, 1});
}

dnnl::memory::data_type dnnl_type(DType dtype) {
  return dtype == DType::bf16 ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
}

dnnl::memory::desc channels_last(const Shape& shape, DType dtype) {
  return {
      {shape[0], shape[3], shape[1], shape[2]}, dnnl_type(dtype), dnnl::memory::format_tag::nhwc};
}

PrimitiveKey::PrimitiveKey(Operation operation) {
  add(static_cast<std::int64_t>(operation)).add(omp_get_max_threads());
}

PrimitiveKey& PrimitiveKey::add(std::int64_t number) {
  CHECK_INVARIANT(size_ < numbers_.size());
  numbers_[size_++] = number;
  return *this;
}

PrimitiveKey& PrimitiveKey::add(const Shape& shape) {
  for (std::int64_t dim : shape.dims()) add(dim);
  return *this;
}

std::size_t PrimitiveKey::hash() const {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < size_; ++i)
    hash = hash_combine(hash, static_cast<std::uint64_t>(numbers_[i]));
  return hash;
}

dnnl::memory PreparedPrimitive::add_tensor(int argument, const dnnl::memory::desc& layout) {
  return tensors_[argument] = dnnl::memory(layout, cpu_engine(), DNNL_MEMORY_NONE);
}

void PreparedPrimitive::add_input(int argument, const dnnl::memory::desc& tensor,
                                  const dnnl::memory::desc& wanted) {
  const dnnl::memory from = arguments_[argument] = add_tensor(argument, tensor);
  if (tensor == wanted) return;
  const dnnl::memory to = arguments_[argument] = dnnl::memory(wanted, cpu_engine());
  before_.push_back({dnnl::reorder(from, to), from, to});
}

void PreparedPrimitive::add_output(int argument, const dnnl::memory::desc& tensor,
                                   const dnnl::memory::desc& wanted) {
  const dnnl::memory to = arguments_[argument] = add_tensor(argument, tensor);
  if (tensor == wanted) return;
  const dnnl::memory from = arguments_[argument] = dnnl::memory(wanted, cpu_engine());
  after_.push_back({dnnl::reorder(from, to), from, to});
}

void PreparedPrimitive::run(std::initializer_list<Binding> bindings) {
  DCHECK(bindings.size() == tensors_.size());
  // oneDNN takes every argument as void*; it writes only to outputs.
  for (const Binding& binding : bindings)
    tensors_.at(binding.argument).set_data_handle(const_cast<void*>(binding.data));
  dnnl::stream& stream = thread_stream();
  for (Reorder& reorder : before_) reorder.primitive.execute(stream, reorder.from, reorder.to);
  primitive_.execute(stream, arguments_);
  for (Reorder& reorder : after_) reorder.primitive.execute(stream, reorder.from, reorder.to);
  stream.wait();
}

PreparedPrimitive& prepared(const PrimitiveKey& key,
                            const std::function<PreparedPrimitive()>& make) {
  thread_local std::unordered_map<PrimitiveKey, PreparedPrimitive, KeyHash> cache;
  const auto it = cache.find(key);
  if (it != cache.end()) return it->second;
  if (cache.size() >= kMaxPrepared) cache.clear();
  return cache.emplace(key, make()).first->second;
}

}  // namespace tengen::kernels::dnn
