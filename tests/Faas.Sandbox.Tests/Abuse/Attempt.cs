namespace Faas.Sandbox.Tests.Abuse;

/// <summary>What a hostile script tries, and what must come of it.</summary>
/// <param name="What">The attempt in words.</param>
/// <param name="Language">Of the script.</param>
/// <param name="Source">
/// The script. Its input has <c>turn</c> (1, 2, …), and of the host the server's <c>port</c>, <c>pid</c> and <c>folder</c> and an abstract
/// <c>socket</c> that listens.
/// </param>
/// <param name="Ends">
/// What each call, one after another, must come to: a reason, some of which with | between, or = and the returned JSON.
/// </param>
public sealed record Attempt(string What, string Language, string Source, params string[] Ends)
{
    private const string InPython = """
        import ctypes, errno, os, sys
        libc = ctypes.CDLL(None, use_errno=True)
        def no(attempt):
            try:
                attempt()
                return 'done'
            except OSError as error:
                return errno.errorcode.get(error.errno, str(error))
        def told(answer):
            return errno.errorcode[ctypes.get_errno()] if answer == -1 else 'done'
        def call(number, *arguments):
            number = number if isinstance(number, int) else number[os.uname().machine == 'aarch64']
            return told(libc.syscall(ctypes.c_long(number), *[ctypes.c_long(argument) for argument in (*arguments, 0, 0, 0, 0, 0, 0)[:6]]))
        def each(attempt, things):
            return sorted({attempt(thing) for thing in things})

        """;

    private const string InJavaScript = """
        const fs = require('fs');
        const no = (attempt) => { try { attempt(); return 'done'; } catch (error) { return error.code ?? error.name; } };
        const each = (attempt, things) => [...new Set(things.map(attempt))].sort();

        """;

    /// <summary>Whether one of its calls may end with its timeout.</summary>
    public bool MayTimeOut => Ends.Any(end => end.Split('|').Contains("timeout"));

    /// <summary>
    /// In Python, with <c>no(f)</c> (the errno's name, or done), <c>call(number or (x64, arm64), …)</c>, and <c>each(f, things)</c> for the
    /// different answers.
    /// </summary>
    public static Attempt Python(string what, string source, params string[] ends) => new(what, "python", InPython + source, ends);

    /// <summary>In JavaScript, with <c>fs</c>, <c>no</c> and <c>each</c>.</summary>
    public static Attempt JavaScript(string what, string source, params string[] ends) =>
        new(what, "javascript", InJavaScript + source, ends);

    /// <summary>The names of attempts, as a theory's data.</summary>
    public static TheoryData<string> NamesOf(IEnumerable<Attempt> attempts) => [.. attempts.Select(attempt => attempt.What)];
}
