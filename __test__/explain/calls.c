/* Addons that fail in different ways. CALL calls an undefined function. TLS=N has N bytes of static
 * TLS. NEWER needs a function that moved into glibc's main library in 2.34. */
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
