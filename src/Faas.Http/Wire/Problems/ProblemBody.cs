namespace Faas.Http.Wire.Problems;

/// <summary>An answer that is not a success: a problem document (RFC 9457).</summary>
/// <remarks>In the shape that <see cref="ProblemWriter"/> writes; the API's description is made from it.</remarks>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Detail">One sentence for a person.</param>
/// <param name="Reason">One word for programs, such as not_found.</param>
/// <param name="CallId">Names the call, as the header X-Call-Id does.</param>
/// <param name="Name">What the script threw: the name of its class.</param>
/// <param name="Message">What the script threw: its message.</param>
/// <param name="Stack">Where the script threw it.</param>
/// <param name="File">The source file that does not compile, of a script of several files.</param>
/// <param name="Line">The line at which the script does not compile, from 1.</param>
/// <param name="Column">The column at which the script does not compile, from 1.</param>
/// <param name="ExitCode">The script's own exit status.</param>
/// <param name="Signal">The signal that killed the script.</param>
/// <param name="Logs">The end of what the script printed.</param>
/// <param name="Stats">What the run cost, if the call has asked.</param>
public sealed record ProblemBody(
    int Status,
    string Title,
    string Detail,
    string Reason,
    string CallId,
    string? Name = null,
    string? Message = null,
    string? Stack = null,
    string? File = null,
    int? Line = null,
    int? Column = null,
    int? ExitCode = null,
    string? Signal = null,
    string? Logs = null,
    RunStats? Stats = null);
