using System.Diagnostics;
using Faas.Actors.Runs;
using Faas.Http.Access;
using Faas.Http.Wire;

namespace Faas.Http.Server.Logs;

/// <summary>
/// Writes one line for each call to the log when it has been answered, and its run has been measured. A fault of the server is a warning;
/// what a caller or a script did is information. Answers about the server itself (<c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>,
/// <c>/</c>) come often and say little: they are debug.
/// </summary>
public sealed class CallLog(ILogger<CallLog> log)
{
    private static readonly EventId s_event = new(1, "Call");

    // A run's processes end a millisecond or two after its value; a line that waits longer says what it knows.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether the client had left before there was an answer.</summary>
    public static bool WasCut(HttpContext context) => context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted;

    /// <summary>Writes the line.</summary>
    /// <param name="context">The request; its answer is complete, or will never be sent.</param>
    /// <param name="begun">The time stamp of its begin (<see cref="Stopwatch"/>).</param>
    public void Write(HttpContext context, long begun)
    {
        var record = CallRecord.Of(context);
        var level = LevelOf(context, record);
        if (!log.IsEnabled(level))
        {
            return;
        }

        var wasCut = WasCut(context);
        record.OutputBytes = Math.Max(record.OutputBytes, wasCut ? 0 : context.Response.ContentLength ?? 0);
        record.Reason ??= context.RequestAborted.IsCancellationRequested ? "cancelled" : null;
        var call = new Answered(
            context.Request.Method,
            context.Request.Path.ToUriComponent(),
            wasCut ? null : context.Response.StatusCode,
            Stopwatch.GetElapsedTime(begun),
            context.TraceIdentifier,
            context.KeyName());
        if (record.Measured is { } measured)
        {
            _ = WriteMeasuredAsync(level, call, record, measured);
        }
        else
        {
            Write(level, call, record);
        }
    }

    // The context belongs to the next request by then, so nothing of it is used.
    private async Task WriteMeasuredAsync(LogLevel level, Answered call, CallRecord record, Task<Usage> measured)
    {
        await ((Task)measured.WaitAsync(s_patience)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (measured.IsCompletedSuccessfully && record.Usage is { } known)
        {
            record.Usage = known with { Cpu = measured.Result.Cpu, MaxRssBytes = measured.Result.MaxRssBytes };
        }

        Write(level, call, record);
    }

    private void Write(LogLevel level, Answered call, CallRecord record)
    {
        var line = new CallLine(call, record);
        log.Log(level, s_event, line, null, static (line, _) => line.ToString());
    }

    private static LogLevel LevelOf(HttpContext context, CallRecord record) => record.Fault is not null ? LogLevel.Warning
        : record.Path is null
            && RequiredScope.Of(context.GetEndpoint()) is Scopes.None or Scopes.Metrics
            && context.Response.StatusCode < StatusCodes.Status400BadRequest
            ? LogLevel.Debug
        : LogLevel.Information;
}
