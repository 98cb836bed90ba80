/**
 * A model that gives back what it is given and, from its `patience`th frame on, executes `unreachable`.
 * (module (import "env" "resize" (func (param i32) (result i32))) (import "env" "copy" (func (param i32 i32 i32))) (memory (export "memory") 1)
 *  (func (export "construct")) (func (export "destroy") (param i32)) (func (export "free") (param i32))
 *  (func (export "create") (param i32) (result i32) (i32.const 1)) (func (export "malloc") (param i32) (result i32) (i32.const 1024))
 *  (func (export "process") (param i32 i32 i32) (result f32)
 *    (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))
 *    (if (i32.gt_u (i32.load (i32.const 0)) (i32.const patience)) (then unreachable)) (f32.const 1)))
 */
export function brittleModel(patience: number): ArrayBuffer {
  const text = (value: string) => [value.length, ...new TextEncoder().encode(value)];
  const section = (id: number, body: number[]) => {
    if (body.length > 127) return [id, (body.length & 127) | 128, body.length >> 7, ...body];
    return [id, body.length, ...body];
  };
  const body = (code: number[]) => [code.length + 2, 0, ...code, 0x0b];
  const i32 = 0x7f;
  const loadCount = [0x41, 0, 0x28, 2, 0];
  const bytes = [
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    ...section(1, [5, 0x60, 0, 0, 0x60, 1, i32, 0, 0x60, 1, i32, 1, i32, 0x60, 3, i32, i32, i32, 0, 0x60, 3, i32, i32, i32, 1, 0x7d]),
    ...section(2, [2, ...text('env'), ...text('resize'), 0, 2, ...text('env'), ...text('copy'), 0, 3]),
    ...section(3, [6, 0, 1, 1, 2, 2, 4]),
    ...section(5, [1, 0, 1]),
    ...section(7, [
      7,
      ...[...text('memory'), 2, 0],
      ...['construct', 'destroy', 'free', 'create', 'malloc', 'process'].flatMap((name, index) => [...text(name), 0, index + 2]),
    ]),
    ...section(10, [
      6,
      ...body([]),
      ...body([]),
      ...body([]),
      ...body([0x41, 1]),
      ...body([0x41, 0x80, 0x08]),
      ...body([
        ...[0x41, 0, ...loadCount, 0x41, 1, 0x6a, 0x36, 2, 0],
        ...[...loadCount, 0x41, (patience & 127) | 128, patience >> 7, 0x4b, 0x04, 0x40, 0x00, 0x0b],
        ...[0x43, 0, 0, 0x80, 0x3f],
      ]),
    ]),
  ];
  return new Uint8Array(bytes).buffer;
}
