// The program's tests in a sandbox whose child was waiting for any script.
import './program.test.mjs?start=spare';
