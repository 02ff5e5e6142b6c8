/*
 * The commands, one function each: the exit status is 0 done, 1 failed, 2 wrong usage, 128 +
 * signal.
 */
#ifndef SCANNER_COMMANDS_H
#define SCANNER_COMMANDS_H

int scan_main(int argc, char **argv);
int check_main(int argc, char **argv);
int lint_main(int argc, char **argv);

#endif
