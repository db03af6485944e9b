using System.Text.Json.Serialization;
using Faas.Actors.Runs.Recent;
using Faas.Http.Wire;

namespace Faas.Http.Api.Runs.Recent;

/// <summary>How often scripts ran, by the minute.</summary>
/// <param name="From">When the first bucket begins, UTC.</param>
/// <param name="BucketSeconds">How long a bucket is.</param>
/// <param name="Buckets">How many buckets each series has, the oldest first. The last one is the present minute.</param>
/// <param name="Scripts">The scripts with runs in this time, those with the most first.</param>
/// <param name="More">Whether further scripts were left out; absent: none were.</param>
public sealed record ActivityReply(
    DateTime From, int BucketSeconds, int Buckets, IReadOnlyList<ScriptActivityReply> Scripts, bool? More);

/// <summary>How often one script ran.</summary>
/// <param name="Path">The script, or <c>/run-now</c>.</param>
/// <param name="Runs">How many runs have ended.</param>
/// <param name="Failed">How many of them not well.</param>
/// <param name="P50Seconds">Within how long half of those that had a sandbox were over, from the call on; 0: there were none.</param>
/// <param name="P95Seconds">The same of 95 of 100.</param>
/// <param name="Series">The same for each bucket.</param>
/// <param name="Failures">The failures for each bucket, by reason; reasons that did not occur are left out.</param>
public sealed record ScriptActivityReply(
    [property: JsonConverter(typeof(PlainTextConverter))] string Path,
    long Runs,
    long Failed,
    double P50Seconds,
    double P95Seconds,
    ActivitySeriesReply Series,
    IReadOnlyList<FailureSeriesReply> Failures)
{
    /// <summary>The same for a client.</summary>
    public static ScriptActivityReply Of(ActivitySeries series) => new(
        series.Path,
        series.Runs,
        series.Failed,
        Rounded(series.P50),
        Rounded(series.P95),
        new ActivitySeriesReply(
            series.RunsByMinute, [.. series.P50ByMinute.Select(Rounded)], [.. series.P95ByMinute.Select(Rounded)]),
        [.. series.FailuresByMinute.Select(failures => new FailureSeriesReply(failures.Key, failures.Value))]);

    private static double Rounded(double seconds) => Math.Round(seconds, 6);
}

/// <summary>What was counted in each bucket.</summary>
/// <param name="Runs">How many runs have ended.</param>
/// <param name="P50Seconds">Within how long half of those that had a sandbox were over, from the call on; 0: there were none.</param>
/// <param name="P95Seconds">The same of 95 of 100.</param>
public sealed record ActivitySeriesReply(
    IReadOnlyList<int> Runs, IReadOnlyList<double> P50Seconds, IReadOnlyList<double> P95Seconds);

/// <summary>How many runs failed for one reason in each bucket.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Runs">How many.</param>
public sealed record FailureSeriesReply(string Reason, IReadOnlyList<int> Runs);
