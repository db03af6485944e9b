namespace Faas.Actors.Runs.Recent;

/// <summary>
/// The ended runs of the scripts that ran last, counted by the minute. Not safe from several threads; <see cref="RecentRuns"/> has the
/// lock.
/// </summary>
/// <param name="most">The most scripts. One more takes the place of the one whose runs ended the longest ago.</param>
public sealed class ActivityState(int most)
{
    private readonly Dictionary<string, LinkedListNode<ScriptActivity>> _byPath = new(StringComparer.Ordinal);
    private readonly LinkedList<ScriptActivity> _byAge = []; // the latest last

    /// <summary>A run has ended.</summary>
    /// <param name="path">Of this script.</param>
    /// <param name="minute">When.</param>
    /// <param name="reason">How, by a wire name.</param>
    /// <param name="took">How long its caller waited for that; null: it never had a sandbox.</param>
    public void Count(string path, long minute, string reason, TimeSpan? took)
    {
        if (most == 0)
        {
            return;
        }

        if (!_byPath.TryGetValue(path, out var place))
        {
            if (_byPath.Count == most)
            {
                _byPath.Remove(_byAge.First!.Value.Path);
                _byAge.RemoveFirst();
            }

            _byPath.Add(path, place = new LinkedListNode<ScriptActivity>(new ScriptActivity(path)));
            _byAge.AddLast(place);
        }
        else if (place.Next is not null)
        {
            _byAge.Remove(place);
            _byAge.AddLast(place);
        }

        place.Value.Count(minute, reason, took);
    }

    /// <summary>The minutes of the scripts that a reader wants and may see.</summary>
    /// <param name="filter">Which scripts.</param>
    /// <param name="now">The present minute.</param>
    /// <param name="minutes">How many minutes, the present one included.</param>
    public IReadOnlyList<(string Path, ActivityBucket?[] Minutes)> Look(RunFilter filter, long now, int minutes) =>
        [.. _byAge.Where(script => filter.IncludesPath(script.Path)).Select(script => (script.Path, script.Look(now, minutes)))];
}
