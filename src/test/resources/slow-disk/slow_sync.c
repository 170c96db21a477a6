/* Preloaded into a process, makes each of its fsync and fdatasync take longer: by the milliseconds in the file that SLOW_SYNC names, if it is there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void delay(void) {
  const char *name = getenv("SLOW_SYNC");
  FILE *file = name ? fopen(name, "r") : NULL;
  long millis = 0;
  if (!file) return;
  if (fscanf(file, "%ld", &millis) != 1) millis = 0;
  fclose(file);
  struct timespec left = {millis / 1000, millis % 1000 * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  delay();
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  delay();
  return real(fd);
}
