namespace Faas.Actors.Runs.Recent;

/// <summary>The ended runs of one script, counted by the minute, for the last hour. Pure; the caller passes the minute in.</summary>
/// <param name="path">The script, or <see cref="Run.RunNowQueue"/>.</param>
public sealed class ScriptActivity(string path)
{
    /// <summary>For how many minutes it counts.</summary>
    public const int Minutes = 60;

    private readonly ActivityBucket?[] _buckets = new ActivityBucket?[Minutes];

    /// <summary>The script.</summary>
    public string Path => path;

    /// <summary>A run has ended.</summary>
    /// <param name="minute">When, in minutes since any fixed time.</param>
    /// <param name="reason">How, by a wire name.</param>
    /// <param name="took">How long its caller waited for that; null: it never had a sandbox.</param>
    public void Count(long minute, string reason, TimeSpan? took)
    {
        ref var place = ref _buckets[minute % Minutes];
        if (place is null || place.Minute < minute)
        {
            place = new ActivityBucket(minute);
        }

        if (place.Minute == minute) // else the clock went back by an hour
        {
            place.Count(reason, took);
        }
    }

    /// <summary>The last minutes, the oldest first; null: no run has ended in that minute.</summary>
    /// <param name="now">The present minute, which is the last.</param>
    /// <param name="minutes">How many, 1 to <see cref="Minutes"/>.</param>
    public ActivityBucket?[] Look(long now, int minutes)
    {
        var last = new ActivityBucket?[minutes];
        for (var i = 0; i < minutes; i++)
        {
            var minute = now - minutes + 1 + i;
            last[i] = minute >= 0 && _buckets[minute % Minutes] is { } bucket && bucket.Minute == minute ? bucket : null;
        }

        return last;
    }
}
