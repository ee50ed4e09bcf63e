/*
 * Preloaded into a real process (LD_PRELOAD): writes down every change that it makes to the files of one folder, in order, so that
 * disk-image.ts can work out what a power cut would have left; refuses changes as a full, read-only or failing disk does; sets its wall clock.
 *
 *   KUNAK_DISK_ROOT   the folder, without a slash at its end
 *   KUNAK_DISK_LOG    records are appended here, once the change is made:
 *                     u32 bytes of the record, u32 kind, u64 offset, u32 bytes of the path, u32 bytes of the data, path, data
 *   KUNAK_DISK_SWAP   "one=other": who opens the file `one` gets `other`
 *   KUNAK_DISK_ORDERS 16 bytes that the harness changes while the process runs: u32 how the disk is, u32 nothing, i64 seconds added to the clock
 *
 * A record is written under one lock together with its change: their order is the order of the changes. A process that dies between the two has
 * made a change that nobody was told of.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { CREATED = 1, WRITTEN, CUT, SYNCED, RENAMED, UNLINKED, LINKED };
enum disk { WELL, FULL, READ_ONLY, FAILING };

struct orders { volatile uint32_t disk; uint32_t unused; volatile int64_t clock; };
struct record { uint32_t length, kind; uint64_t offset; uint32_t path, data; } __attribute__((packed));

#define MOST_FILES 65536
static char *paths[MOST_FILES];
static struct { dev_t device; ino_t number; } files[MOST_FILES];
static const char *root, *swapped;
static size_t root_length;
static int log_file = -1;
static struct orders none, *orders = &none;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ({ static __typeof__(&name) found; if (!found) found = (__typeof__(&name))dlsym(RTLD_NEXT, #name); found; })

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("KUNAK_DISK_ROOT"), *log = getenv("KUNAK_DISK_LOG"), *page = getenv("KUNAK_DISK_ORDERS");
  if (!folder || !log || !page) return;
  /* Whoever started this is gone, in whatever way: then this is over, too. */
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int file = REAL(open)(page, O_RDWR | O_CLOEXEC);
  void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, sizeof(struct orders), PROT_READ, MAP_SHARED, file, 0);
  if (file >= 0) REAL(close)(file);
  if (mapped == MAP_FAILED) return;
  orders = mapped;
  log_file = REAL(open)(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  root_length = strlen(folder);
  root = folder;
  swapped = getenv("KUNAK_DISK_SWAP");
}

static const char *in_place_of(const char *path) {
  size_t length = path ? strlen(path) : 0;
  return swapped && path && strncmp(swapped, path, length) == 0 && swapped[length] == '=' ? swapped + length + 1 : path;
}

/* A path within the folder, or NULL. Everything here is called with whole paths or from the folder of the process; both occur in our programs. */
static const char *within(const char *path, char *space) {
  if (!root || log_file < 0 || !path) return NULL;
  if (path[0] != '/') {
    if (!getcwd(space, PATH_MAX)) return NULL;
    size_t length = strlen(space);
    if (length + strlen(path) + 2 > PATH_MAX) return NULL;
    space[length] = '/';
    strcpy(space + length + 1, path);
    path = space;
  }
  if (strncmp(path, root, root_length) != 0) return NULL;
  if (path[root_length] == 0) return ".";
  return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

static void tell(enum kind kind, uint64_t offset, const char *path, const void *data, size_t length) {
  struct record head = { sizeof head + strlen(path) + length, kind, offset, strlen(path), length };
  struct iovec parts[] = { { &head, sizeof head }, { (void *)path, strlen(path) }, { (void *)data, length } };
  ssize_t told = REAL(writev)(log_file, parts, 3);
  /* Without its record a change would count as never made: better no process than a wrong verdict. */
  if (told != (ssize_t)head.length) abort();
}

/* libuv closes by the system call itself, which nobody sees here: a number may long be somebody else's, a socket's for instance. */
static const char *path_of(int file) {
  if (file < 0 || file >= MOST_FILES || !paths[file]) return NULL;
  struct stat now;
  return fstat(file, &now) == 0 && now.st_dev == files[file].device && now.st_ino == files[file].number ? paths[file] : NULL;
}

/* Whether the disk refuses a change; errno says why. */
static int refuses(int is_sync) {
  switch (orders->disk) {
    case FULL: if (is_sync) return 0; errno = ENOSPC; return 1;
    case READ_ONLY: if (is_sync) return 0; errno = EROFS; return 1;
    case FAILING: errno = EIO; return 1;
    default: return 0;
  }
}

static int opened(int file, const char *path, int flags, int existed) {
  if (file < 0 || file >= MOST_FILES) return file;
  struct stat now;
  if (fstat(file, &now) != 0) return file;
  free(paths[file]);
  paths[file] = strdup(path);
  files[file].device = now.st_dev;
  files[file].number = now.st_ino;
  if (!existed && (flags & O_CREAT)) tell(CREATED, 0, path, NULL, 0);
  else if ((flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY) tell(CUT, 0, path, NULL, 0);
  return file;
}

#define OPENER(name, call)                                                                     \
  char space[PATH_MAX];                                                                        \
  mode_t mode = 0;                                                                             \
  if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); } \
  path = in_place_of(path);                                                                    \
  const char *inner = within(path, space);                                                     \
  if (!inner) return REAL(name) call;                                                          \
  pthread_mutex_lock(&lock);                                                                   \
  int existed = access(path, F_OK) == 0;                                                       \
  int changes = (!existed && (flags & O_CREAT)) || ((flags & O_ACCMODE) != O_RDONLY && (orders->disk == READ_ONLY)) || (flags & O_TRUNC); \
  int file = changes && refuses(0) ? -1 : opened(REAL(name) call, inner, flags, existed);      \
  int why = errno;                                                                             \
  pthread_mutex_unlock(&lock);                                                                 \
  errno = why;                                                                                 \
  return file;

int open(const char *path, int flags, ...) { OPENER(open, (path, flags, mode)) }
int open64(const char *path, int flags, ...) { OPENER(open64, (path, flags, mode)) }
int openat(int at, const char *path, int flags, ...) { OPENER(openat, (at, path, flags, mode)) }
int openat64(int at, const char *path, int flags, ...) { OPENER(openat64, (at, path, flags, mode)) }

int close(int file) {
  if (path_of(file)) {
    pthread_mutex_lock(&lock);
    free(paths[file]);
    paths[file] = NULL;
    pthread_mutex_unlock(&lock);
  }
  return REAL(close)(file);
}

/* A change with its record, or refused. `told` is the statement that writes the record. */
#define CHANGE(type, failed, is_sync, call, told)     \
  pthread_mutex_lock(&lock);                          \
  type done = refuses(is_sync) ? failed : call;       \
  int why = errno;                                    \
  if (done >= 0) { told; }                            \
  pthread_mutex_unlock(&lock);                        \
  errno = why;                                        \
  return done;

ssize_t pwrite(int file, const void *data, size_t length, off_t at) {
  const char *path = path_of(file);
  if (!path) return REAL(pwrite)(file, data, length, at);
  CHANGE(ssize_t, -1, 0, REAL(pwrite)(file, data, length, at), tell(WRITTEN, at, path, data, done))
}
ssize_t pwrite64(int file, const void *data, size_t length, off64_t at) {
  const char *path = path_of(file);
  if (!path) return REAL(pwrite64)(file, data, length, at);
  CHANGE(ssize_t, -1, 0, REAL(pwrite64)(file, data, length, at), tell(WRITTEN, at, path, data, done))
}
ssize_t write(int file, const void *data, size_t length) {
  const char *path = path_of(file);
  if (!path) return REAL(write)(file, data, length);
  CHANGE(ssize_t, -1, 0, REAL(write)(file, data, length),
         tell(WRITTEN, lseek(file, 0, SEEK_CUR) - done, path, data, done))
}
/* Several pieces: written one by one, so that each has its record. */
ssize_t writev(int file, const struct iovec *parts, int count) {
  if (!path_of(file)) return REAL(writev)(file, parts, count);
  ssize_t sum = 0;
  for (int i = 0; i < count; i++) {
    ssize_t done = write(file, parts[i].iov_base, parts[i].iov_len);
    if (done < 0) return sum > 0 ? sum : done;
    sum += done;
    if ((size_t)done < parts[i].iov_len) break;
  }
  return sum;
}
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
  if (!path_of(file)) return REAL(pwritev)(file, parts, count, at);
  ssize_t sum = 0;
  for (int i = 0; i < count; i++) {
    ssize_t done = pwrite(file, parts[i].iov_base, parts[i].iov_len, at + sum);
    if (done < 0) return sum > 0 ? sum : done;
    sum += done;
    if ((size_t)done < parts[i].iov_len) break;
  }
  return sum;
}
ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at) { return pwritev(file, parts, count, at); }

int ftruncate(int file, off_t length) {
  const char *path = path_of(file);
  if (!path) return REAL(ftruncate)(file, length);
  CHANGE(int, -1, 0, REAL(ftruncate)(file, length), tell(CUT, length, path, NULL, 0))
}
int ftruncate64(int file, off64_t length) {
  const char *path = path_of(file);
  if (!path) return REAL(ftruncate64)(file, length);
  CHANGE(int, -1, 0, REAL(ftruncate64)(file, length), tell(CUT, length, path, NULL, 0))
}
int fsync(int file) {
  const char *path = path_of(file);
  if (!path) return REAL(fsync)(file);
  CHANGE(int, -1, 1, REAL(fsync)(file), tell(SYNCED, 0, path, NULL, 0))
}
int fdatasync(int file) {
  const char *path = path_of(file);
  if (!path) return REAL(fdatasync)(file);
  CHANGE(int, -1, 1, REAL(fdatasync)(file), tell(SYNCED, 0, path, NULL, 0))
}
/* What is written to it from now on no start will find. */
static void forget(const char *path) {
  for (int i = 0; i < MOST_FILES; i++)
    if (paths[i] && strcmp(paths[i], path) == 0) { free(paths[i]); paths[i] = NULL; }
}
int rename(const char *from, const char *to) {
  char a[PATH_MAX], b[PATH_MAX];
  const char *old = within(from, a), *new = within(to, b);
  if (!old || !new) return REAL(rename)(from, to);
  CHANGE(int, -1, 0, REAL(rename)(from, to), {
    /* Whoever has the former one open writes to what has no name any more; who has this one, under its new name. */
    forget(new);
    for (int i = 0; i < MOST_FILES; i++)
      if (paths[i] && strcmp(paths[i], old) == 0) { free(paths[i]); paths[i] = strdup(new); }
    tell(RENAMED, 0, old, new, strlen(new));
  })
}
int link(const char *from, const char *to) {
  char a[PATH_MAX], b[PATH_MAX];
  const char *old = within(from, a), *new = within(to, b);
  if (!old || !new) return REAL(link)(from, to);
  CHANGE(int, -1, 0, REAL(link)(from, to), tell(LINKED, 0, old, new, strlen(new)))
}
int unlink(const char *path) {
  char space[PATH_MAX];
  const char *inner = within(path, space);
  if (!inner) return REAL(unlink)(path);
  CHANGE(int, -1, 0, REAL(unlink)(path), { forget(inner); tell(UNLINKED, 0, inner, NULL, 0); })
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int done = REAL(clock_gettime)(clock, time);
  if (done == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += orders->clock;
  return done;
}
int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  int done = REAL(gettimeofday)(time, zone);
  if (done == 0) time->tv_sec += orders->clock;
  return done;
}
time_t time(time_t *at) {
  time_t now = REAL(time)(NULL) + orders->clock;
  if (at) *at = now;
  return now;
}
