using System.Text;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Scripts;

namespace Faas.Actors.Tests.Runs.Recent;

/// <summary>A clock that stands still until the test moves it, and runs that are noted by it.</summary>
internal sealed class RunsOnPaper : TimeProvider
{
    public static readonly RecentRunsOptions Generous = new(1000, TimeSpan.FromHours(1), 1 << 16, 1 << 20, 10);
    public static readonly Outcome Ok = new(Reason.Ok) { Data = new ResultData("42"u8.ToArray(), DataType.Number) };

    private long _now = TimeSpan.TicksPerSecond;
    private int _runs;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddDays(1).AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

    public void Pass(TimeSpan time) => _now += time.Ticks;

    public RunRecord Make(string path = "p", string? printed = null, long? version = 1, string? key = null, RunVia via = RunVia.Run)
    {
        var run = new RunRecord(this)
        {
            Id = $"call{_runs}~{_runs++}",
            Path = path,
            Language = Language.Python,
            Isolation = Isolation.Process,
            Call = new RunCall(via, GetUtcNow()),
            Version = version,
            Key = key,
        };
        if (printed is not null)
        {
            var log = new RunLog(1 << 16);
            log.Append(OutputStream.Stdout, Encoding.UTF8.GetBytes(printed));
            run.Prints(log);
        }

        return run;
    }

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
