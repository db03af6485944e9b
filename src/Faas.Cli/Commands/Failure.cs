using System.Net.Sockets;
using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands;

/// <summary>What went wrong, for a person, and what the process ends with.</summary>
/// <param name="ExitCode">What it ends with.</param>
/// <param name="Line">What and why, in one line.</param>
/// <param name="Problem">What the server said; null: it said nothing.</param>
internal sealed record Failure(int ExitCode, string Line, Problem? Problem = null)
{
    private const string TraceVariable = "FAAS_TRACE";
    private const string Remedy =
        "Is it started (`make run`), and is that its URL (--server, FAAS_SERVER or `faas login`)? `faas doctor` looks closer.";

    /// <summary>That of an exception.</summary>
    /// <param name="failed">The exception.</param>
    /// <param name="server">What the server is called.</param>
    public static Failure Of(Exception failed, string server) => failed switch
    {
        CliException wrong => new Failure(wrong.ExitCode, wrong.Message),
        FaasException refused => new Failure(Output.ExitCode.Of(refused.Problem), Sentence(refused, server), refused.Problem),
        OperationCanceledException { InnerException: TimeoutException } => new Failure(
            Output.ExitCode.Unreachable, $"{server} cannot be reached: it does not answer. {Remedy}"),
        OperationCanceledException => new Failure(Output.ExitCode.Cancelled, "Cancelled."),
        HttpRequestException unreachable => new Failure(Output.ExitCode.Unreachable, Sentence(unreachable, server)),
        HttpIOException => new Failure(Output.ExitCode.Unreachable, $"{server} has ended the connection before its answer was whole."),
        ClosedPipeException => new Failure(Output.ExitCode.ClosedPipe, ""),
        InvalidDataException => new Failure(Output.ExitCode.Refused, "The archive is not compressed as its name says, or it is damaged."),
        IOException { InnerException: SocketException } => new Failure(
            Output.ExitCode.Unreachable, $"{server} has ended the connection before its answer was whole."),
        IOException or UnauthorizedAccessException => new Failure(
            Output.ExitCode.NotThere, $"A file cannot be read or written: {FileError.Of(failed)}."),
        _ => new Failure(Output.ExitCode.Internal, $"This is a defect of faas. Please report it, with what {TraceVariable}=1 shows."),
    };

    /// <summary>Tells it on stderr, as JSON if results are.</summary>
    public int Tell(Terminal terminal)
    {
        if (terminal.IsJson && Problem is not null)
        {
            terminal.Complain(Problem);
        }
        else if (ExitCode == Output.ExitCode.Cancelled && !terminal.IsJson)
        {
            terminal.EndLine(); // a person sees ^C, and knows
        }
        else if (Line.Length > 0)
        {
            terminal.Complain(Line, Output.ExitCode.WordOf(ExitCode));
        }

        return ExitCode;
    }

    /// <summary>Shows a developer where it happened, if the variable asks for it.</summary>
    public static void Trace(Exception failed, Terminal terminal)
    {
        if (Environment.GetEnvironmentVariable(TraceVariable) is { Length: > 0 })
        {
            terminal.Error.WriteLine(failed);
        }
    }

    private static string Sentence(FaasException refused, string server) => refused switch
    {
        // The server speaks of headers, which a person does not write here.
        { Problem: { Status: 401, Detail: var detail } } =>
            (detail.StartsWith("A key is needed", StringComparison.Ordinal) ? $"{server} asks for a key." : OneLine(detail))
            + " Log in with `faas login`, or give a key by FAAS_KEY or --key-file.",
        { RetryAfter: { } wait } => $"{OneLine(refused.Message)} Try again in {Figures.Time(wait)}.",
        { Problem.Status: 404 } when refused.Message.StartsWith("There is no /", StringComparison.Ordinal) =>
            $"{OneLine(refused.Message)} Is {server} the URL of the server itself?",
        _ => OneLine(refused.Message),
    };

    private static string Sentence(HttpRequestException failed, string server)
    {
        return failed switch
        {
            { HttpRequestError: HttpRequestError.ResponseEnded } => $"{server} has ended the connection before its answer was whole.",
            { HttpRequestError: HttpRequestError.NameResolutionError } => $"{server} cannot be reached: its host is not known. {Remedy}",
            { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                $"{server} cannot be trusted: {WhyNoTrust(failed.GetBaseException().Message)}",
            { InnerException: SocketException refused } => $"{server} cannot be reached: {OneLine(refused.Message)}. {Remedy}",
            _ => $"{server} does not answer as an HTTP server does. {Remedy}",
        };
    }

    // .NET says it by the names of its flags.
    private static string WhyNoTrust(string said) =>
        said.Contains("NameMismatch", StringComparison.Ordinal) ? "its certificate is that of another host."
        : said.Contains("NotTimeValid", StringComparison.Ordinal) ? "its certificate has expired, or is not valid yet."
        : said.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            ? "this machine does not know who signed its certificate; SSL_CERT_FILE names a file with further authorities."
        : "it does not speak TLS; perhaps its URL begins with http://.";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
