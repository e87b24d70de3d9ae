// node run_onnx.js MODEL INPUT OUTPUT N H W C: runs an ONNX model on raw floats [N, H, W, C] and
// writes the policy logits of all positions, then the values.
// Needs onnxruntime-node (npm install -g --ignore-scripts onnxruntime-node), with NODE_PATH at its
// node_modules.
const fs = require('fs');
const ort = require('onnxruntime-node');

async function main([model, input, output, ...dims]) {
  const session = await ort.InferenceSession.create(model);
  const bytes = fs.readFileSync(input);
  const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const results = await session.run(
      {observations: new ort.Tensor('float32', numbers, dims.map(Number))});
  const all = [results.policy_logits, results.value].map(
      (t) => Buffer.from(t.data.buffer, t.data.byteOffset, t.data.byteLength));
  fs.writeFileSync(output, Buffer.concat(all));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(String(error));
  process.exit(1);
});
