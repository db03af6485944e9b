using System.Diagnostics;
using Faas.Actors.Runs.Recent;
using Faas.Http.Wire;

namespace Faas.Http.Api.Calls;

/// <summary>Notes the call that asks for a run, where recent runs are kept.</summary>
public static class CallOfRun
{
    /// <summary>The call; null: nothing is noted of runs.</summary>
    /// <param name="recent">Where runs are kept.</param>
    /// <param name="context">The request.</param>
    /// <param name="via">By which door it came.</param>
    public static RunCall? Of(RecentRuns recent, HttpContext context, RunVia via)
    {
        var record = CallRecord.Of(context);
        return record.Run = recent.CallOf(via, Stopwatch.GetElapsedTime(record.Begun));
    }
}
