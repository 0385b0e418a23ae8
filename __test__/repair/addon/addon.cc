// Compiled in a second or two; uses V8 directly, so that NODE_MODULE_VERSION decides whether it loads.
#include <node.h>

NODE_MODULE_INIT() {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  v8::Local<v8::String> key = v8::String::NewFromUtf8Literal(isolate, "abi");
  exports->Set(context, key, v8::Integer::New(isolate, NODE_MODULE_VERSION)).Check();
}
