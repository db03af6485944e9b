using System.Net;

namespace Faas.Cli.Output;

/// <summary>
/// What the process ends with: the reason of a run as a small number, and for all else the numbers of sysexits.h. docs/cli.md has the
/// table.
/// </summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary>The script failed; or not all was done.</summary>
    public const int Failed = 1;

    /// <summary>The script does not compile.</summary>
    public const int Syntax = 2;

    /// <summary>The script exited by itself.</summary>
    public const int Exit = 3;

    /// <summary>A signal of its own killed the script.</summary>
    public const int Signal = 4;

    /// <summary>The script used more memory than it may.</summary>
    public const int Oom = 5;

    /// <summary>The script ran longer than it may.</summary>
    public const int Timeout = 6;

    /// <summary>The script printed or returned more than it may.</summary>
    public const int OutputLimit = 7;

    /// <summary>The sandbox broke, which is a fault of the server.</summary>
    public const int Sandbox = 8;

    /// <summary>The arguments make no sense (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>The server refuses what it was sent (EX_DATAERR).</summary>
    public const int Refused = 65;

    /// <summary>A file or a script is not there (EX_NOINPUT).</summary>
    public const int NotThere = 66;

    /// <summary>The server does not answer (EX_UNAVAILABLE).</summary>
    public const int Unreachable = 69;

    /// <summary>A defect of the server, or of this program (EX_SOFTWARE).</summary>
    public const int Internal = 70;

    /// <summary>A file, or stdout, cannot be written (EX_IOERR).</summary>
    public const int NotWritten = 74;

    /// <summary>The server cannot now, and may soon (EX_TEMPFAIL).</summary>
    public const int TryAgain = 75;

    /// <summary>The key is missing, unknown, or may not do this (EX_NOPERM).</summary>
    public const int Forbidden = 77;

    /// <summary>The configuration cannot be used (EX_CONFIG).</summary>
    public const int Config = 78;

    /// <summary>Ctrl+C; or the run was cancelled on the server.</summary>
    public const int Cancelled = 130;

    /// <summary>The reader of stdout is gone, as with <c>| head -1</c> (128 and SIGPIPE).</summary>
    public const int ClosedPipe = 141;

    /// <summary>The word by which JSON names what is not a problem of the server.</summary>
    public static string WordOf(int exitCode) => exitCode switch
    {
        Usage => "usage",
        NotThere => "not_there",
        Unreachable => "unreachable",
        NotWritten => "not_written",
        Config => "configuration",
        Cancelled => "cancelled",
        Failed => "incomplete",
        Refused => "archive",
        _ => "defect",
    };

    /// <summary>That of a problem: by the reason of the run if one ended, else by the status.</summary>
    public static int Of(Client.Problem problem) => problem.Reason switch
    {
        "error" => Failed,
        "syntax" or "dependencies" => Syntax,
        "exit" => Exit,
        "signal" => Signal,
        "oom" => Oom,
        "timeout" => Timeout,
        "output_limit" => OutputLimit,
        "sandbox" => Sandbox,
        "cancelled" => Cancelled,
        _ => (HttpStatusCode)problem.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Forbidden,
            HttpStatusCode.NotFound => NotThere,
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => TryAgain,
            >= HttpStatusCode.InternalServerError => Internal,
            _ => Refused,
        },
    };
}
