// The program's tests in a sandbox that the script has reached before it had forked.
import './program.test.mjs?start=cold';
