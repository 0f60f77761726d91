// SPDX-License-Identifier: MIT
//
// Files are read whole or refused with a sentence, and written whole or not at all. Each test works
// in an empty folder of its own.
#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct {
    Arena *arena;
    char folder[64];
    int start; // the folder the test program was started in
} Place;

static int set_up(void **state)
{
    Place *place = calloc(1, sizeof *place);
    place->arena = arena_new(0);
    place->start = open(".", O_RDONLY | O_DIRECTORY);
    const char *temporary = getenv("TMPDIR");
    Str name = path_join(place->arena, str_of(temporary ? temporary : P_tmpdir),
                         STR("casus-file-test-XXXXXX"));
    char *path = strdup(str_c(place->arena, name));
    bool made = mkdtemp(path) && chdir(path) == 0;
    free(path);
    *state = place;
    return made ? 0 : -1;
}

static int tear_down(void **state)
{
    Place *place = *state;
    char *here = getcwd(NULL, 0);
    int back = fchdir(place->start);
    Str clean = str_format(place->arena, "chmod -R u+rwx '%s'; rm -rf '%s'", here, here);
    int cleaned = system(clean.p);
    free(here);
    close(place->start);
    arena_free(place->arena);
    free(place);
    return back || cleaned;
}

static void spill(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void expect_content(Arena *arena, const char *path, const char *want)
{
    Str text;
    assert_int_equal(file_read(path, 1 << 20, arena, &text, NULL), ST_OK);
    assert_string_equal(text.p, want);
}

static int files_here(void)
{
    DIR *here = opendir(".");
    int n = 0;
    for (struct dirent *e = readdir(here); e; e = readdir(here)) {
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    }
    closedir(here);
    return n;
}

static void expect_refused(Arena *arena, const char *path, size_t limit, const char *why)
{
    Str text;
    Error error = {0};
    assert_int_equal(file_read(path, limit, arena, &text, &error), ST_NO_INPUT);
    assert_int_equal(error.status, ST_NO_INPUT);
    assert_non_null(strstr(error.message, why));
    assert_non_null(strstr(error.message, path));
    assert_int_equal(file_read(path, limit, arena, &text, NULL), ST_NO_INPUT);
}

static void test_file_read_takes_whole_files(void **state)
{
    Place *place = *state;
    spill("some text", "one\ntwo\n");
    expect_content(place->arena, "some text", "one\ntwo\n");
    spill("empty", "");
    expect_content(place->arena, "empty", "");
    const char *odd = "/proc/self/status"; // says its size is 0; not there in every root
    if (access(odd, R_OK) == 0) {
        Str text;
        assert_int_equal(file_read(odd, 1 << 20, place->arena, &text, NULL), ST_OK);
        assert_true(text.n > 100);
    }
}

static void test_file_read_obeys_the_limit_exactly(void **state)
{
    Place *place = *state;
    Str text;
    spill("ten", "0123456789");
    assert_int_equal(file_read("ten", 10, place->arena, &text, NULL), ST_OK);
    assert_int_equal(text.n, 10);
    expect_refused(place->arena, "ten", 9, "too large");
    expect_refused(place->arena, "/dev/zero", 100000, "too large");
}

static void test_file_read_refuses_with_a_sentence(void **state)
{
    Place *place = *state;
    expect_refused(place->arena, "missing", 100, "No such file");
    expect_refused(place->arena, ".", 100, "folder");
    spill("file", "x");
    expect_refused(place->arena, "file/below", 100, "Not a directory");
    expect_refused(place->arena, "", 100, "No such file");
    assert_int_equal(symlink("loop", "loop"), 0);
    expect_refused(place->arena, "loop", 100, "symbolic links");
}

static void test_file_read_says_when_it_may_not(void **state)
{
    Place *place = *state;
    spill("secret", "x");
    assert_int_equal(chmod("secret", 0), 0);
    assert_int_equal(chmod(".", 0755), 0);
    // The super-user may read anything, so that a child gives up being one.
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0) {
            _exit(2);
        }
        Str text;
        Error error = {0};
        Status status = file_read("secret", 100, place->arena, &text, &error);
        bool said = strstr(error.message, "Permission denied") && strstr(error.message, "secret");
        _exit(status == ST_NO_INPUT && said ? 0 : 1);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
}

static void test_file_read_drains_a_pipe(void **state)
{
    Place *place = *state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    pid_t child = fork();
    if (child == 0) {
        int fd = open("pipe", O_WRONLY);
        for (int i = 0; i < 20000; i++) { // more than a pipe holds
            if (write(fd, "0123456789", 10) != 10) {
                _exit(1);
            }
        }
        _exit(0);
    }
    Str text;
    assert_int_equal(file_read("pipe", 1 << 20, place->arena, &text, NULL), ST_OK);
    assert_int_equal(text.n, 200000);
    waitpid(child, NULL, 0);
}

static void test_file_read_dash_is_standard_input(void **state)
{
    Place *place = *state;
    spill("input", "from outside");
    int saved = dup(STDIN_FILENO);
    int fd = open("input", O_RDONLY);
    dup2(fd, STDIN_FILENO);
    close(fd);
    Str text;
    Status status = file_read("-", 100, place->arena, &text, NULL);
    if (saved >= 0) {
        dup2(saved, STDIN_FILENO);
        close(saved);
    }
    assert_int_equal(status, ST_OK);
    assert_string_equal(text.p, "from outside");
}

static void test_file_create_shows_nothing_before_commit(void **state)
{
    Place *place = *state;
    FileOut *out;
    spill("old", "before");
    assert_int_equal(file_create("old", &out, NULL), ST_OK);
    assert_int_equal(file_put(out, STR("after"), NULL), ST_OK);
    expect_content(place->arena, "old", "before");
    assert_int_equal(file_commit(out, NULL), ST_OK);
    expect_content(place->arena, "old", "after");

    assert_int_equal(file_create("new", &out, NULL), ST_OK);
    assert_int_equal(access("new", F_OK), -1);
    assert_int_equal(file_put(out, STR("text"), NULL), ST_OK);
    assert_int_equal(file_commit(out, NULL), ST_OK);
    expect_content(place->arena, "new", "text");
    assert_int_equal(files_here(), 2);
}

static void test_file_abandon_leaves_the_old(void **state)
{
    Place *place = *state;
    FileOut *out;
    spill("old", "before");
    assert_int_equal(file_create("old", &out, NULL), ST_OK);
    assert_int_equal(file_put(out, STR("after"), NULL), ST_OK);
    file_abandon(out);
    assert_int_equal(file_create("new", &out, NULL), ST_OK);
    file_abandon(out);
    file_abandon(NULL);
    expect_content(place->arena, "old", "before");
    assert_int_equal(files_here(), 1);
}

static void test_file_write_keeps_modes_and_obeys_the_umask(void **state)
{
    (void)state;
    struct stat info = {0};
    mode_t before = umask(027);
    assert_int_equal(file_write("new", STR("x"), NULL), ST_OK);
    umask(before);
    assert_int_equal(stat("new", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_int_equal(chmod("new", 0604), 0);
    assert_int_equal(file_write("new", STR("y"), NULL), ST_OK);
    assert_int_equal(stat("new", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0604);
}

static void test_file_write_takes_large_and_small_pieces(void **state)
{
    Place *place = *state;
    Buf want = {.arena = place->arena};
    FileOut *out;
    assert_int_equal(file_create("pieces", &out, NULL), ST_OK);
    for (size_t n = 0; n < 300000; n = n * 3 + 1) {
        Buf piece = {.arena = place->arena};
        buf_pad(&piece, (char)('a' + n % 26), n);
        assert_int_equal(file_put(out, buf_str(&piece), NULL), ST_OK);
        buf_add(&want, buf_str(&piece));
    }
    assert_int_equal(file_commit(out, NULL), ST_OK);
    expect_content(place->arena, "pieces", buf_str(&want).p);
}

static void expect_not_written(const char *path, const char *why)
{
    Error error = {0};
    assert_int_equal(file_write(path, STR("text"), &error), ST_CANNOT_WRITE);
    assert_int_equal(error.status, ST_CANNOT_WRITE);
    assert_non_null(strstr(error.message, why));
    assert_non_null(strstr(error.message, path));
}

static void test_file_write_fails_with_a_sentence(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder", 0755), 0);
    expect_not_written("folder", "Is a directory");
    expect_not_written("folder/", "Is a directory");
    expect_not_written("missing/file", "No such file");
    expect_not_written("/dev/full", "No space left");
    Error error;
    assert_int_equal(file_write("", STR("text"), &error), ST_CANNOT_WRITE);
    assert_int_equal(files_here(), 1);
}

static void test_file_full_disk_keeps_the_old_file(void **state)
{
    Place *place = *state;
    spill("old", "before");
    // A limit on the size of files stands in for a full disk.
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 100000;
    setrlimit(RLIMIT_FSIZE, &small);
    Buf large = {.arena = place->arena};
    buf_pad(&large, 'x', 150000);
    Status at_once = file_write("old", buf_str(&large), NULL);
    FileOut *out;
    Status made = file_create("old", &out, NULL);
    Status in_pieces = ST_OK;
    for (int i = 0; i < 150 && in_pieces == ST_OK; i++) {
        in_pieces = file_put(out, str_sub(buf_str(&large), 0, 1000), NULL);
    }
    int left_after_failure = files_here();
    Error error = {0};
    Status commit = file_commit(out, &error); // also when the caller did not look
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(at_once, ST_CANNOT_WRITE);
    assert_int_equal(made, ST_OK);
    assert_int_equal(in_pieces, ST_CANNOT_WRITE);
    assert_int_equal(left_after_failure, 1);
    assert_int_equal(commit, ST_CANNOT_WRITE);
    assert_non_null(strstr(error.message, "old"));
    expect_content(place->arena, "old", "before");
    assert_int_equal(files_here(), 1);
}

static void test_file_write_goes_through_links_and_devices(void **state)
{
    Place *place = *state;
    struct stat info = {0};
    spill("target", "a longer text than the new one");
    assert_int_equal(symlink("target", "link"), 0);
    assert_int_equal(file_write("link", STR("new"), NULL), ST_OK);
    assert_true(lstat("link", &info) == 0 && S_ISLNK(info.st_mode));
    expect_content(place->arena, "target", "new");

    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(file_write("dangling", STR("made"), NULL), ST_OK);
    assert_true(lstat("dangling", &info) == 0 && S_ISLNK(info.st_mode));
    expect_content(place->arena, "nowhere", "made");

    assert_int_equal(file_write("/dev/null", STR("gone"), NULL), ST_OK);
    assert_true(lstat("/dev/null", &info) == 0 && S_ISCHR(info.st_mode));
    assert_int_equal(files_here(), 4);
}

static void test_file_write_goes_through_a_pipe(void **state)
{
    Place *place = *state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    pid_t child = fork();
    if (child == 0) {
        Str text;
        Status status = file_read("pipe", 100, place->arena, &text, NULL);
        _exit(status == ST_OK && str_eq(text, STR("through")) ? 0 : 1);
    }
    assert_int_equal(file_write("pipe", STR("through"), NULL), ST_OK);
    int how = 0;
    waitpid(child, &how, 0);
    assert_int_equal(how, 0);
    struct stat info = {0};
    assert_true(lstat("pipe", &info) == 0 && S_ISFIFO(info.st_mode));
}

static void test_file_write_dash_is_standard_output(void **state)
{
    Place *place = *state;
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    int fd = open("output", O_WRONLY | O_CREAT, 0600);
    dup2(fd, STDOUT_FILENO);
    close(fd);
    Status status = file_write("-", STR("out"), NULL);
    bool still_open = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
    dup2(saved, STDOUT_FILENO);
    close(saved);
    assert_int_equal(status, ST_OK);
    assert_true(still_open);
    expect_content(place->arena, "output", "out");
}

static void test_file_write_does_not_replace_a_protected_file(void **state)
{
    Place *place = *state;
    spill("protected", "before");
    assert_int_equal(chmod("protected", 0444), 0);
    assert_int_equal(chmod(".", 0777), 0);
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0) {
            _exit(2);
        }
        _exit(file_write("protected", STR("after"), NULL) == ST_CANNOT_WRITE ? 0 : 1);
    }
    int how = 0;
    waitpid(child, &how, 0);
    assert_int_equal(how, 0);
    expect_content(place->arena, "protected", "before");
    assert_int_equal(files_here(), 1);
}

static void test_file_create_takes_the_longest_name(void **state)
{
    Place *place = *state;
    char name[256] = {0};
    memset(name, 'n', 255);
    assert_int_equal(file_write(name, STR("x"), NULL), ST_OK);
    expect_content(place->arena, name, "x");
}

static void test_error_messages_are_cut_not_overrun(void **state)
{
    (void)state;
    char path[2000];
    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    Error error;
    assert_int_equal(error_set(&error, ST_USAGE, "%s", path), ST_USAGE);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_string_equal(error.message + strlen(error.message) - 3, "...");
    assert_int_equal(error_set(NULL, ST_USAGE, "%s", path), ST_USAGE);
    assert_int_equal(status_exit_code(ST_OK), 0);
    assert_int_equal(status_exit_code(ST_BAD_MODEL), 65);
    assert_int_equal(status_exit_code(ST_CANNOT_WRITE), 73);
    assert_string_equal(status_text(ST_OK), "no error");
}

static void test_path_folder_and_join(void **state)
{
    Place *place = *state;
    static const char *const folders[][2] = {{"a/b.c", "a"}, {"b.c", ""},        {"/b", "/"},
                                             {"a//b", "a"},  {"/a/b/c", "/a/b"}, {"", ""},
                                             {"a/", "a"},    {"//", "/"}};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        Str got = path_folder(str_of(folders[i][0]));
        assert_string_equal(str_c(place->arena, got), folders[i][1]);
    }
    static const char *const joins[][3] = {
        {"a", "b", "a/b"}, {"", "b", "b"}, {"a/", "b", "a/b"}, {"a", "/b", "/b"}, {"/", "b", "/b"}};
    for (size_t i = 0; i < sizeof joins / sizeof joins[0]; i++) {
        Str got = path_join(place->arena, str_of(joins[i][0]), str_of(joins[i][1]));
        assert_string_equal(got.p, joins[i][2]);
    }
}

static void test_path_below_keeps_inside_the_folder(void **state)
{
    Place *place = *state;
    assert_int_equal(mkdir("model", 0755), 0);
    assert_int_equal(mkdir("model/parts", 0755), 0);
    assert_int_equal(mkdir("model-too", 0755), 0);
    spill("outside", "x");
    spill("model/in", "x");
    spill("model-too/other", "x");
    assert_int_equal(symlink("../outside", "model/leak"), 0);
    assert_int_equal(symlink("..", "model/up"), 0);
    assert_int_equal(symlink("../model-too", "model/twin"), 0); // same first letters
    assert_int_equal(symlink("parts", "model/inner"), 0);
    assert_int_equal(symlink("../not-there", "model/dangling"), 0);
    static const struct {
        const char *path;
        bool below;
    } cases[] = {
        {"in", true},           {"./in", true},
        {"parts/x", true},      {"missing/x", true},
        {"inner/x", true},      {"..in", true},
        {"parts/..x", true},    {"", false},
        {"..", false},          {"../outside", false},
        {"parts/../in", false}, {"parts/..", false},
        {"/etc/passwd", false}, {"leak", false},
        {"up/outside", false},  {"up/missing", false},
        {"twin/other", false},  {"dangling", false},
        {"dangling/x", false},  {"up", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (path_below(place->arena, STR("model"), str_of(cases[i].path)) != cases[i].below) {
            fail_msg("%s", cases[i].path);
        }
    }
    assert_false(path_below(place->arena, STR("model"), STR("in\0/../../outside")));
    assert_true(path_below(place->arena, STR(""), STR("outside")));
    assert_true(path_below(place->arena, STR("/"), STR("etc/passwd")));
    assert_int_equal(symlink("model", "alias"), 0); // the folder itself may be reached by a link
    assert_true(path_below(place->arena, STR("alias"), STR("in")));
}

#define TEST_IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_IN_FOLDER(test_file_read_takes_whole_files),
        TEST_IN_FOLDER(test_file_read_obeys_the_limit_exactly),
        TEST_IN_FOLDER(test_file_read_refuses_with_a_sentence),
        TEST_IN_FOLDER(test_file_read_says_when_it_may_not),
        TEST_IN_FOLDER(test_file_read_drains_a_pipe),
        TEST_IN_FOLDER(test_file_read_dash_is_standard_input),
        TEST_IN_FOLDER(test_file_create_shows_nothing_before_commit),
        TEST_IN_FOLDER(test_file_abandon_leaves_the_old),
        TEST_IN_FOLDER(test_file_write_keeps_modes_and_obeys_the_umask),
        TEST_IN_FOLDER(test_file_write_takes_large_and_small_pieces),
        TEST_IN_FOLDER(test_file_write_fails_with_a_sentence),
        TEST_IN_FOLDER(test_file_full_disk_keeps_the_old_file),
        TEST_IN_FOLDER(test_file_write_goes_through_links_and_devices),
        TEST_IN_FOLDER(test_file_write_goes_through_a_pipe),
        TEST_IN_FOLDER(test_file_write_dash_is_standard_output),
        TEST_IN_FOLDER(test_file_write_does_not_replace_a_protected_file),
        TEST_IN_FOLDER(test_file_create_takes_the_longest_name),
        TEST_IN_FOLDER(test_error_messages_are_cut_not_overrun),
        TEST_IN_FOLDER(test_path_folder_and_join),
        TEST_IN_FOLDER(test_path_below_keeps_inside_the_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
