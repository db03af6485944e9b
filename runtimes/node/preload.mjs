// Modules that scripts use often: loaded once in the zygote, they are there in every child.
import 'node:buffer';
import 'node:child_process';
import 'node:crypto';
import 'node:fs/promises';
import 'node:http';
import 'node:https';
import 'node:os';
import 'node:path';
import 'node:stream/promises';
import 'node:timers/promises';
import 'node:url';
import 'node:util';
import 'node:worker_threads';
import 'node:zlib';
