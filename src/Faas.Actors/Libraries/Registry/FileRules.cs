using System.Text.RegularExpressions;

namespace Faas.Actors.Libraries.Registry;

/// <summary>Which files of a Python library a build is shown.</summary>
/// <param name="Upstream">Where they may come from.</param>
/// <param name="MinimumAge">
/// How long a file must have been public, <c>faas.libraries.minimum-age</c>: a package that was taken over is mostly found within days.
/// </param>
/// <param name="Now">The time of the build.</param>
public sealed partial record FileRules(Upstream Upstream, TimeSpan MinimumAge, DateTimeOffset Now)
{
    /// <summary>
    /// Whether a build may have the file. Only a wheel is installed without running its code, and only a file with a hash can be locked.
    /// </summary>
    public bool Shows(Uri registry, PublishedFile file) =>
        Wheel().IsMatch(file.Name)
        && file.Sha256 is not null
        && Sha256().IsMatch(file.Sha256)
        && Upstream.MayServe(registry, file.Address)
        && IsOldEnough(file.At);

    /// <summary>Whether it has been public for long enough. A file without a time is too young for every age but 0.</summary>
    public bool IsOldEnough(DateTimeOffset? at) => MinimumAge == TimeSpan.Zero || (at is not null && at <= Now - MinimumAge);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+!-]*\.whl\z")]
    private static partial Regex Wheel();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
