using Faas.Actors.Scripts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>Reads prefixes of scripts' paths from a body, such as those that a key or a secret is for.</summary>
internal static class PrefixesOfBody
{
    private const int Most = 100;

    /// <summary>The prefixes, each once and without a slash at its end; throws <see cref="ProblemException"/>.</summary>
    /// <param name="body">The body.</param>
    /// <param name="name">The member, which may be missing.</param>
    public static string[] Prefixes(this BodyObject body, string name)
    {
        string[] paths = [.. (body.Texts(name) ?? []).Select(path => path.EndsWith('/') ? path[..^1] : path).Distinct()];
        foreach (var path in paths)
        {
            if (ScriptPath.Check(path) is { } wrong)
            {
                throw ProblemException.Malformed($"\"{name}\" has {UnknownName.Quoted(path)}, which {wrong}.");
            }
        }

        return paths.Length <= Most
            ? paths
            : throw ProblemException.Malformed($"\"{name}\" has {paths.Length} prefixes; allowed are {Most}.");
    }
}
