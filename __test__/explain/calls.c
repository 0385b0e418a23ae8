/* Addons that fail in ways of their own: CALL calls a function that nobody has; TLS=N has N bytes of thread-local storage of the
 * kind that must be there when the process starts; NEWER asks for a function that moved into glibc's main library with 2.34. */
extern void missing_function(void);

#ifdef NEWER
extern int pthread_create(void);
__attribute__((visibility("default"))) int (*newer)(void) = pthread_create;
#endif

#ifdef TLS
static __thread __attribute__((tls_model("initial-exec"))) char local[TLS];
#endif

__attribute__((visibility("default"))) void *napi_register_module_v1(void *env, void *exports) {
  (void)env;
#ifdef CALL
  missing_function();
#endif
#ifdef TLS
  local[0] = 1;
  if (local[1]) return 0;
#endif
  return exports;
}
