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
    /// <summary>That of an exception.</summary>
    /// <param name="failed">The exception.</param>
    /// <param name="server">What the server is called.</param>
    public static Failure Of(Exception failed, string server) => failed switch
    {
        CliException wrong => new Failure(wrong.ExitCode, wrong.Message),
        FaasException refused => new Failure(Output.ExitCode.Of(refused.Problem), Sentence(refused), refused.Problem),
        OperationCanceledException => new Failure(Output.ExitCode.Cancelled, "Cancelled."),
        HttpRequestException unreachable => new Failure(Output.ExitCode.Unreachable, Sentence(unreachable, server)),
        HttpIOException => new Failure(Output.ExitCode.Unreachable, $"{server} has ended the connection before its answer was whole."),
        ClosedPipeException => new Failure(Output.ExitCode.ClosedPipe, ""),
        InvalidDataException => new Failure(
            Output.ExitCode.Refused, $"The archive is not compressed as its name says: {OneLine(failed.Message)}"),
        IOException or UnauthorizedAccessException => new Failure(Output.ExitCode.NotThere, OneLine(failed.Message)),
        _ => new Failure(Output.ExitCode.Internal, $"This is a defect of faas: {failed.GetType().Name}: {OneLine(failed.Message)}"),
    };

    /// <summary>Tells it on stderr; as JSON if results are JSON and the server has said it.</summary>
    public int Tell(Terminal terminal)
    {
        if (terminal.IsJson && Problem is not null)
        {
            terminal.Complain(Problem);
        }
        else if (Line.Length > 0)
        {
            terminal.Complain(Line);
        }

        return ExitCode;
    }

    private static string Sentence(FaasException refused)
    {
        var remedy = refused switch
        {
            { Problem.Status: 401 } => " Log in with `faas login`, or give a key by FAAS_KEY or --key-file.",
            { RetryAfter: { } wait } => $" Try again in {Figures.Time(wait)}.",
            _ => "",
        };
        return OneLine(refused.Message) + remedy;
    }

    private static string Sentence(HttpRequestException failed, string server)
    {
        const string remedy = "Is it started, and is --server (or FAAS_SERVER) its URL? `faas doctor` looks.";
        return failed switch
        {
            { HttpRequestError: HttpRequestError.ResponseEnded } => $"{server} has ended the connection: {OneLine(failed.Message)}",
            { HttpRequestError: HttpRequestError.NameResolutionError } => $"{server} cannot be reached: its host is not known. {remedy}",
            { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                $"{server} has no certificate that this machine trusts: {OneLine(failed.GetBaseException().Message)}",
            { InnerException: SocketException refused } => $"{server} cannot be reached: {OneLine(refused.Message)}. {remedy}",
            _ => $"The connection to {server} broke: {OneLine(failed.GetBaseException().Message)}",
        };
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
