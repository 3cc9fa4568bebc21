// Runs the WebAssembly module: at once where the browser lets it, else as soon as it does.

import { begin, imports } from '@glue';

/** `module` has a byte of the module in each of its letters. */
export const load = (module, run, fail) => {
  const bytes = new Uint8Array(module.length);
  for (let place = bytes.length; place--; ) bytes[place] = module.charCodeAt(place);
  const wanted = { _: imports };
  const enter = (instance) => {
    begin(instance.exports);
    run();
  };
  let instance;
  try {
    instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), wanted);
  } catch (error) {
    // Chromium before 115 compiles a module of this size only asynchronously.
    return error instanceof RangeError
      ? WebAssembly.instantiate(bytes, wanted).then((both) => enter(both.instance), fail)
      : fail(error);
  }
  enter(instance);
};
