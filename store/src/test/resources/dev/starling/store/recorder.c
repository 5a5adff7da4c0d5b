/*
 * Records what a process does to the files below one folder, so that a test can tell what a power cut at any moment
 * may leave of them. Preloaded by the dynamic linker (ld.so(8), LD_PRELOAD).
 *
 *   RECORD_FOLDER  absolute path of the folder to watch
 *   RECORD_LOG     where the record goes; it must lie elsewhere
 *
 * A call and its record are one step under a lock, so the order of the records is the order of the effects. A record
 * is made by one write, so it survives the death of the process whole. Little-endian:
 *
 *   length:4 (of what follows)  kind:1  a:8  b:8  name:2+n  name:2+n  bytes:rest
 *
 *   'c' a=inode  name            the name now leads to the inode (created or opened by creating)
 *   'w' a=inode  b=offset bytes  written
 *   't' a=inode  b=length        cut or extended to
 *   'b' a=inode                  a sync of the file begins: what was written before is what it covers
 *   's' a=inode  b=position      that sync ended well; the position is that of its 'b' in the log
 *   'd' name                     the folder of that name was synced
 *   'r' name name                renamed, whatever was there before
 *   'l' a=inode name             another name for the inode
 *   'u' name                     removed
 *   'm' name                     a folder was made
 *   'o' bytes                    written to standard output: what the process has promised
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS_MAX 65536

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static int log_fd = -1;
static uint64_t log_position;
static ino_t inodes[FDS_MAX]; /* of watched files and folders that are open; 0 for others */
static int append[FDS_MAX];

#define REAL(name, ...) \
  static name##_type real; \
  if (!real) real = (name##_type)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
  const char *watched = getenv("RECORD_FOLDER"), *log = getenv("RECORD_LOG");
  if (!watched || !log) return;
  snprintf(folder, sizeof folder, "%s", watched);
  folder_length = strlen(folder);
  log_fd = syscall(SYS_openat, AT_FDCWD, log, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

/* The absolute path if it is the folder or below it, else null. */
static const char *watched(const char *path, char *buffer) {
  if (log_fd < 0 || !path) return NULL;
  if (path[0] != '/') {
    if (!getcwd(buffer, PATH_MAX)) return NULL;
    size_t length = strlen(buffer);
    snprintf(buffer + length, PATH_MAX - length, "/%s", path);
    path = buffer;
  }
  if (strncmp(path, folder, folder_length)) return NULL;
  return path[folder_length] == '/' || !path[folder_length] ? path : NULL;
}

static void put_name(char **at, const char *name) {
  uint16_t length = name ? strlen(name + folder_length) : 0;
  memcpy(*at, &length, 2);
  if (length) memcpy(*at + 2, name + folder_length, length);
  *at += 2 + length;
}

/* Called under the lock; answers where the record began. */
static uint64_t record(char kind, uint64_t a, uint64_t b, const char *n1, const char *n2, const void *bytes, size_t count) {
  size_t most = 4 + 17 + 2 * (2 + PATH_MAX) + count;
  char small[3 * PATH_MAX];
  char *buffer = most <= sizeof small ? small : malloc(most), *at = buffer + 4;
  *at++ = kind;
  memcpy(at, &a, 8);
  memcpy(at + 8, &b, 8);
  at += 16;
  put_name(&at, n1);
  put_name(&at, n2);
  if (count) memcpy(at, bytes, count);
  at += count;
  uint32_t length = at - buffer - 4;
  memcpy(buffer, &length, 4);
  uint64_t began = log_position;
  if (syscall(SYS_write, log_fd, buffer, length + 4) != (long)length + 4) abort();
  log_position += length + 4;
  if (buffer != small) free(buffer);
  return began;
}

static ino_t inode_of(int fd) {
  struct stat s;
  return fstat(fd, &s) ? 0 : s.st_ino;
}

static void opened(int fd, const char *path, int flags) {
  if (fd < 0 || fd >= FDS_MAX) return;
  inodes[fd] = inode_of(fd);
  append[fd] = flags & O_APPEND;
  if (flags & O_CREAT) record('c', inodes[fd], 0, path, NULL, NULL, 0);
  if (flags & O_TRUNC) record('t', inodes[fd], 0, NULL, NULL, NULL, 0);
}

typedef int (*openat_type)(int, const char *, int, ...);

static int open_any(int at, const char *path, int flags, mode_t mode) {
  char buffer[PATH_MAX];
  const char *name = at == AT_FDCWD || (path && path[0] == '/') ? watched(path, buffer) : NULL;
  if (!name) return syscall(SYS_openat, at, path, flags, mode);
  pthread_mutex_lock(&lock);
  int fd = syscall(SYS_openat, at, path, flags, mode);
  int error = errno;
  opened(fd, name, flags);
  pthread_mutex_unlock(&lock);
  errno = error;
  return fd;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return open_any(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return open_any(at, path, flags | O_LARGEFILE, mode); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

typedef FILE *(*fopen_type)(const char *, const char *);

/* RocksDB writes some small files by stdio, whose calls inside the C library nobody can preload. */
static FILE *fopen_any(const char *path, const char *mode) {
  char buffer[PATH_MAX];
  if (!watched(path, buffer) || mode[0] == 'r') {
    REAL(fopen);
    return real(path, mode);
  }
  int fd = open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_CLOEXEC | (mode[0] == 'a' ? O_APPEND : O_TRUNC), 0666);
  return fd < 0 ? NULL : fdopen(fd, mode);
}
FILE *fopen(const char *path, const char *mode) { return fopen_any(path, mode); }
FILE *fopen64(const char *path, const char *mode) { return fopen_any(path, mode); }

static int is_watched(int fd) { return log_fd >= 0 && fd >= 0 && fd < FDS_MAX && inodes[fd]; }

int close(int fd) {
  if (!is_watched(fd)) return syscall(SYS_close, fd);
  pthread_mutex_lock(&lock);
  inodes[fd] = 0;
  int result = syscall(SYS_close, fd);
  pthread_mutex_unlock(&lock);
  return result;
}

static ssize_t written(int fd, const void *bytes, size_t count, off_t offset, int positioned) {
  pthread_mutex_lock(&lock);
  off_t from = positioned ? offset : append[fd] ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
  ssize_t result = positioned ? syscall(SYS_pwrite64, fd, bytes, count, offset) : syscall(SYS_write, fd, bytes, count);
  int error = errno;
  if (result > 0) record('w', inodes[fd], from, NULL, NULL, bytes, result);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  if (is_watched(fd)) return written(fd, bytes, count, 0, 0);
  if (fd != 1 || log_fd < 0) return syscall(SYS_write, fd, bytes, count);
  pthread_mutex_lock(&lock); /* recorded first: whoever reads it may rely on it */
  record('o', 0, 0, NULL, NULL, bytes, count);
  ssize_t result = syscall(SYS_write, fd, bytes, count);
  pthread_mutex_unlock(&lock);
  return result;
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  return is_watched(fd) ? written(fd, bytes, count, offset, 1) : syscall(SYS_pwrite64, fd, bytes, count, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) { return pwrite(fd, bytes, count, offset); }

/* One vector at a time: a short write is what any caller must expect. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (!is_watched(fd)) return syscall(SYS_writev, fd, parts, count);
  for (int i = 0; i < count; i++)
    if (parts[i].iov_len) return written(fd, parts[i].iov_base, parts[i].iov_len, 0, 0);
  return 0;
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  if (!is_watched(fd)) return syscall(SYS_pwritev, fd, parts, count, offset, 0);
  for (int i = 0; i < count; i++)
    if (parts[i].iov_len) return written(fd, parts[i].iov_base, parts[i].iov_len, offset, 1);
  return 0;
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return pwritev(fd, parts, count, offset); }

/* Ways to write past the calls above: their callers have another way for "not supported". */
ssize_t copy_file_range(int a, off64_t *b, int c, off64_t *d, size_t e, unsigned f) {
  if (!is_watched(c)) return syscall(SYS_copy_file_range, a, b, c, d, e, f);
  errno = ENOSYS;
  return -1;
}
ssize_t sendfile(int out, int in, off_t *offset, size_t count) {
  if (!is_watched(out)) return syscall(SYS_sendfile, out, in, offset, count);
  errno = ENOSYS;
  return -1;
}
ssize_t sendfile64(int out, int in, off64_t *offset, size_t count) { return sendfile(out, in, offset, count); }

int ftruncate(int fd, off_t length) {
  if (!is_watched(fd)) return syscall(SYS_ftruncate, fd, length);
  pthread_mutex_lock(&lock);
  int result = syscall(SYS_ftruncate, fd, length);
  if (!result) record('t', inodes[fd], length, NULL, NULL, NULL, 0);
  pthread_mutex_unlock(&lock);
  return result;
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

int fallocate(int fd, int mode, off_t offset, off_t length) {
  if (!is_watched(fd) || (mode & 1 /* FALLOC_FL_KEEP_SIZE: no visible effect */)) return syscall(SYS_fallocate, fd, mode, offset, length);
  errno = EOPNOTSUPP;
  return -1;
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) { return fallocate(fd, mode, offset, length); }
int posix_fallocate(int fd, off_t offset, off_t length) {
  return is_watched(fd) ? EOPNOTSUPP : syscall(SYS_fallocate, fd, 0, offset, length) ? errno : 0;
}
int posix_fallocate64(int fd, off64_t offset, off64_t length) { return posix_fallocate(fd, offset, length); }

static int sync_any(int fd, long call) {
  if (!is_watched(fd)) return syscall(call, fd);
  char link[64], path[PATH_MAX], buffer[PATH_MAX];
  struct stat s;
  const char *name = NULL;
  if (!fstat(fd, &s) && S_ISDIR(s.st_mode)) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0) {
      path[length] = 0;
      name = watched(path, buffer);
    }
  }
  pthread_mutex_lock(&lock);
  ino_t inode = inodes[fd];
  uint64_t began = record('b', inode, 0, NULL, NULL, NULL, 0);
  pthread_mutex_unlock(&lock);
  int result = syscall(call, fd);
  int error = errno;
  pthread_mutex_lock(&lock);
  if (!result) {
    if (name) record('d', inode, began, name, NULL, NULL, 0);
    else record('s', inode, began, NULL, NULL, NULL, 0);
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int fsync(int fd) { return sync_any(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_any(fd, SYS_fdatasync); }

static int named(char kind, const char *from, const char *to, long call, int flags) {
  char buffer[PATH_MAX], other[PATH_MAX];
  const char *n1 = watched(from, buffer), *n2 = to ? watched(to, other) : NULL;
  if (n1 || n2) pthread_mutex_lock(&lock);
  int result = kind == 'u' ? syscall(call, AT_FDCWD, from, flags)
             : kind == 'm' ? syscall(call, AT_FDCWD, from, flags)
             : kind == 'l' ? syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)
                           : syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
  int error = errno;
  if (!result && (n1 || n2)) {
    struct stat s;
    if (kind == 'l') record(kind, n2 && !stat(to, &s) ? s.st_ino : 0, 0, n2, NULL, NULL, 0);
    else record(kind, 0, 0, n1, n2, NULL, 0);
  }
  if (n1 || n2) pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int rename(const char *from, const char *to) { return named('r', from, to, 0, 0); }
int link(const char *from, const char *to) { return named('l', from, to, 0, 0); }
int unlink(const char *path) { return named('u', path, NULL, SYS_unlinkat, 0); }
int rmdir(const char *path) { return named('u', path, NULL, SYS_unlinkat, AT_REMOVEDIR); }
int remove(const char *path) { return !unlink(path) ? 0 : errno == EISDIR ? rmdir(path) : -1; }
int unlinkat(int at, const char *path, int flags) {
  return at == AT_FDCWD || path[0] == '/' ? named('u', path, NULL, SYS_unlinkat, flags) : syscall(SYS_unlinkat, at, path, flags);
}
int renameat(int a, const char *from, int b, const char *to) {
  return a == AT_FDCWD && b == AT_FDCWD ? rename(from, to) : syscall(SYS_renameat, a, from, b, to);
}
int mkdir(const char *path, mode_t mode) { return named('m', path, NULL, SYS_mkdirat, mode); }
