//! `window.engagetrack`: the browser SDK.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());
use wasm_bindgen::prelude::*;
#[wasm_bindgen(module = "/js/guards.js")]
extern "C" {
    fn listen(target: &JsValue, kind: &str, code: u8);
}
/// a
#[wasm_bindgen(js_name = getVisitorId)]
pub fn get_visitor_id() -> String {
    let mut bytes = [0; 16];
    let _unused = getrandom::fill(&mut bytes);
    let mut buffer = [0; 36];
    listen(&JsValue::NULL, "x", 1);
    uuid::Builder::from_random_bytes(bytes).into_uuid().hyphenated().encode_lower(&mut buffer).to_owned()
}
/// b
#[wasm_bindgen]
pub fn start(options: JsValue) -> JsValue {
    options
}
