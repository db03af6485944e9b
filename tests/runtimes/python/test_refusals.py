from .case import ZygoteCase


class Refusals(ZygoteCase):
    def assert_refused(self, source, line, column, message=None):
        with self.subTest(source=source[:60]):
            sandbox = self.program(source)
            for outcome in (sandbox.check(), sandbox.run(), sandbox.check()):
                refusal = self.payload('S', outcome)
                self.assertEqual((refusal['line'], refusal['column']), (line, column), refusal)
                self.assertEqual(set(refusal), {'message', 'line', 'column'})
                self.assertEqual(outcome.stdout + outcome.stderr, '')
                if message:
                    self.assertEqual(refusal['message'], message)

    def test_an_error_of_the_parser_has_its_position(self):
        self.assert_refused('x = = 1', 1, 5, 'invalid syntax')
        self.assert_refused('x = 1\n\nif x\n  y', 3, 5, "expected ':'")
        self.assert_refused('}', 1, 1, "unmatched '}'")

    def test_a_statement_that_no_module_may_contain_is_refused_beside_a_return_too(self):
        for rest in ('', '\nreturn 1', '\nawait x\nreturn 1'):
            self.assert_refused('é = 1; yield é' + rest, 1, 8, "'yield' outside function")

    def test_characters_that_no_source_may_contain_are_refused(self):
        self.assert_refused('x = 1\né\0', 2, 2, 'source code cannot contain null bytes')
        self.assert_refused('x = 1\n# é\ud800', 2, 4, 'source code cannot contain the lone surrogate U+D800')

    def test_an_error_of_indentation_has_its_own_name(self):
        for source, name in ('if x:\ny', 'IndentationError'), ('if x:\n\ty\n        z', 'TabError'):
            with self.subTest(name=name):
                sandbox = self.program(source)
                for outcome in (sandbox.check(), sandbox.run()):
                    self.assertEqual(self.payload('S', outcome)['name'], name)

    def test_a_byte_order_mark_does_not_count_as_a_character(self):
        self.assert_refused('\ufeffx y', 1, 3)

    def test_a_source_that_kills_the_compiler_does_not_harm_other_runs(self):
        for source in ('[' * 400_000, '-' * 400_000 + '1', '+'.join(['1'] * 400_000), 'a' + '.a' * 400_000, 'x = ' + '(' * 150 + ')' * 150,
                       'return ' + '-' * 3000 + '1', 'a\n' + ''.join(' ' * n + 'if a:\n' for n in range(120))):
            with self.subTest(source=source[:20]):
                sandbox = self.program(source)
                for outcome in (sandbox.check(), sandbox.run(), sandbox.check()):
                    told = outcome.result is not None and outcome.result.kind in 'SNVE'
                    self.assertTrue(told or outcome.end['signal'], outcome)


class Checks(ZygoteCase):
    def test_a_program_that_compiles_passes_and_no_statement_of_it_runs(self):
        sandbox = self.program('print("ran")\nimport os\nos._exit(4)')
        outcome = sandbox.check()
        self.assert_nothing_returned(outcome)
        self.assertEqual(outcome.stdout, '')
        self.assertEqual(sandbox.run().exit, (4, None))

    def test_a_program_with_return_and_await_passes(self):
        self.assert_nothing_returned(self.check('import asyncio\nawait asyncio.sleep(0)\nreturn 1'))

    def test_checks_and_runs_may_alternate(self):
        sandbox = self.program('return event')
        for number in range(3):
            self.assert_nothing_returned(sandbox.check())
            self.assertEqual(self.payload('V', sandbox.run(number)), number)

    def test_a_program_that_names_a_missing_module_passes(self):
        self.assert_nothing_returned(self.check('import missing_module_of_mine'))
