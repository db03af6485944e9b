using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;

namespace Faas.Http.Api.Functions;

/// <summary>
/// Divides the target of <c>/http/{path}/{rest}</c>. Both parts have slashes, so the stored scripts decide where the path ends: the
/// longest path that a script has. <c>%2F</c> is a slash of the path.
/// </summary>
public static class FunctionUrl
{
    /// <summary>The first segment, which is the server's.</summary>
    public const string Prefix = "/http/";

    // Each candidate may cost a question to the store.
    private const int MostSegments = 16;

    /// <summary>Whether the request is for a function.</summary>
    public static bool IsOf(PathString path) => path.Value?.StartsWith(Prefix, StringComparison.Ordinal) is true;

    /// <summary>What the target may mean, the longest path first; empty: it can name no script.</summary>
    /// <param name="target">The request's target as it was sent.</param>
    public static IReadOnlyList<FunctionTarget> Candidates(string target)
    {
        var path = RequestTarget.PathOf(target);
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return []; // it led here by dot segments
        }

        var segments = path[Prefix.Length..].Split('/');
        var candidates = new List<FunctionTarget>();
        for (var count = Math.Min(segments.Length, MostSegments); count > 0; count--)
        {
            var script = string.Join('/', segments[..count].Select(Uri.UnescapeDataString));
            if (ScriptPath.Check(script) is null)
            {
                candidates.Add(new FunctionTarget(script, $"/{string.Join('/', segments[count..])}"));
            }
        }

        return candidates;
    }
}

/// <summary>One way to divide a target.</summary>
/// <param name="Path">The script.</param>
/// <param name="Rest">What follows, percent-encoded as it was sent; begins with a slash.</param>
public sealed record FunctionTarget(string Path, string Rest);
