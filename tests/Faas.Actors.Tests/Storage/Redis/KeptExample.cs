using Faas.Actors.Runs;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.Tests.Storage.Redis;

/// <summary>Kept runs for tests.</summary>
internal static class KeptExample
{
    public static KeptRunsOptions Options { get; } = new(
        Enabled: true, Concurrency: 2, Queue: 1000, QueuePerPath: 1000, InputBytes: 1 << 20, ResultBytes: 1 << 20, LogBytes: 64 << 10,
        Count: 1000, MaxAge: TimeSpan.FromHours(1), StoreBytes: 1 << 24, ChainDepth: 10, PendingBytes: 1 << 20, Readers: 100, Batch: 1000);

    public static RetryPolicy Retry { get; } = new(3)
    {
        On = RetryReasons.Of([RetryReason.Sandbox, RetryReason.Timeout]),
        Delay = TimeSpan.FromSeconds(0.5),
        MaxDelay = TimeSpan.FromMinutes(1),
    };

    public static KeptThen Then { get; } = new()
    {
        Success = new KeptDestination("mail/send") { Version = "stable", Then = new KeptThen { Failure = new KeptDestination("b") } },
        Failure = new KeptDestination("ops/alert"),
    };

    public static KeptOutcome Failed { get; } = KeptOutcome.Of(new KeptEnd { Reason = "timeout", Detail = "It took too long." });

    public static KeptOutcome Ended { get; } = KeptOutcome.Of(new KeptEnd { Reason = "ok" });

    public static KeptCall Call(string path = "math/add", int priority = KeptCall.UsualPriority) => new()
    {
        Path = path,
        Version = 1_739_000_000,
        Language = Language.Python,
        Isolation = Isolation.Process,
        Via = RunVia.Run,
        Received = DateTimeOffset.UnixEpoch,
        Priority = priority,
        InputBytes = 2,
    };

    /// <summary>A call and an end that have every member.</summary>
    public static (KeptCall Call, KeptEnd End, IReadOnlyList<KeptLine> Lines) Whole { get; } = (
        Call() with
        {
            Alias = "stable", Key = "ci", Caller = "key ci", NotBefore = DateTimeOffset.UnixEpoch.AddDays(1),
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        },
        new KeptEnd
        {
            Reason = "error", Detail = "ValueError: no", Error = new ScriptError("ValueError", "no", "line 1", 1, 2, "main.py"), ExitCode = 3,
            Signal = "SIGSEGV", Hint = "It printed JSON.", Type = DataType.Json, Start = Warmth.Warm, Started = DateTimeOffset.UnixEpoch,
            RunSeconds = 0.25, CpuSeconds = 0.125, MemoryBytes = 4096, ResultBytes = 7, ResultCut = true,
        },
        [
            new KeptLine(OutputStream.Stdout, "größer") { Partial = true }, new KeptLine(OutputStream.Stderr, "care") { Rest = true },
        ]);

    /// <summary>The next run of a chain.</summary>
    public static KeptNext Next(string id, string path, int priority = KeptCall.UsualPriority) =>
        new(id, Call(path, priority) with { Asynchronous = true }, "[7]"u8.ToArray(), ["", "queue full", "path full", "store full"]);

    /// <summary>A piece of lines.</summary>
    public static KeptPiece Piece(long last, params KeptLine[] lines) => new(last, lines.Sum(KeptTail.BytesOf), lines);

    /// <summary>Lines that follow one another.</summary>
    public static KeptPiece Piece(long last, params string[] lines) =>
        Piece(last, [.. lines.Select(line => new KeptLine(OutputStream.Stdout, line))]);
}
