using System.Globalization;
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

    /// <summary>What a build is told of the files of a page that it does not get: a sentence for each rule that hides some.</summary>
    /// <param name="name">The library.</param>
    /// <param name="registry">The registry that gave the page.</param>
    /// <param name="published">All files of the page.</param>
    /// <param name="shown">How many of them the build gets.</param>
    public IEnumerable<string> LeftOut(LibraryName name, Uri registry, IReadOnlyList<PublishedFile> published, int shown)
    {
        PublishedFile[] wheels = [.. published.Where(file => Wheel().IsMatch(file.Name))];
        if (wheels.LastOrDefault(file => file.At is not null && !IsOldEnough(file.At)) is { } young)
        {
            yield return Young(name, young.Name);
        }

        if (wheels.LastOrDefault(file => file.At is null && !IsOldEnough(file.At)) is { } undated)
        {
            yield return Undated(name, undated.Name);
        }

        if (published.Count > 0 && wheels.Length == 0)
        {
            yield return $"The registry has no wheel of '{name}', only files such as {published[^1].Name}; only wheels are installed.";
        }

        if (shown == 0 && wheels.LastOrDefault(file => !Upstream.MayServe(registry, file.Address)) is { } away)
        {
            yield return
                $"Files of '{name}' lie at {Upstream.HostOf(away.Address)}, which may not serve them (faas.libraries.python.file-hosts).";
        }

        if (shown == 0 && wheels.LastOrDefault(file => file.Sha256 is null) is { } unlocked)
        {
            yield return $"The registry gives no sha256 for {unlocked.Name}, so it cannot be locked.";
        }
    }

    /// <summary>Says that versions are too young, such as one of them.</summary>
    public string Young(LibraryName name, string one) =>
        $"Versions of '{name}' that are younger than {Age} were left out, such as {one}.";

    /// <summary>Says that the age of versions is not known, such as that of one of them.</summary>
    public string Undated(LibraryName name, string one) =>
        $"Versions of '{name}' were left out because the registry does not say when they were published, such as {one}; {Age} needs that.";

    private string Age => string.Create(CultureInfo.InvariantCulture, $"faas.libraries.minimum-age ({MinimumAge.TotalHours:0.##} h)");

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+!-]*\.whl\z")]
    private static partial Regex Wheel();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
