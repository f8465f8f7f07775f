/* Write calls of the C library, counted once they are armed; the n-th ends the process or fails. Loaded by LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/types.h>
#include <unistd.h>

enum { OFF, KILL, FAIL };
static int mode = OFF, error_number = 0;
static long left = 0, seen = 0;

void faults_arm(int how, long at, int number) { mode = how; left = at; error_number = number; seen = 0; }
long faults_seen(void) { return seen; }

/* 1: the call is to fail. A kill comes before the call or, for even numbers of error_number, half way through a write. */
static int met(void) {
    seen++;
    if (mode == OFF || --left != 0) return 0;
    if (mode == KILL) kill(getpid(), SIGKILL);
    errno = error_number;
    return 1;
}
#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)

static int torn(void) { return mode == KILL && error_number && left == 1; }

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (torn()) real(fd, data, size / 2);
    return met() ? -1 : real(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    if (torn()) real(fd, data, size / 2, at);
    return met() ? -1 : real(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    if (torn()) real(fd, data, size / 2, at);
    return met() ? -1 : real(fd, data, size, at);
}
int fsync(int fd) { REAL(int, "fsync", int); return met() ? -1 : real(fd); }
int fdatasync(int fd) { REAL(int, "fdatasync", int); return met() ? -1 : real(fd); }
int ftruncate(int fd, off_t size) { REAL(int, "ftruncate", int, off_t); return met() ? -1 : real(fd, size); }
int ftruncate64(int fd, off_t size) { REAL(int, "ftruncate64", int, off_t); return met() ? -1 : real(fd, size); }
int unlink(const char *name) { REAL(int, "unlink", const char *); return met() ? -1 : real(name); }
