using System.Net;

namespace Faas.Actors.Libraries.Registry;

/// <summary>
/// The registry of one build: what the operator's registries publish, less what the build may not have.
/// <para>
/// Theory of operation. A build's sandbox reaches nothing but this registry, so each rule holds however the installer behaves: the names
/// that the operator allows, the age of a version, wheels instead of sources, private names from the private registry alone, and files
/// only from hosts that may serve them. A file of Python's has a number instead of an address, a tarball of npm's a name and a version: the
/// build can ask for what a page of the registry lists, and cannot make the server fetch anything else. It gets a file by no name but
/// the listed one, and none of the other ecosystem's: pip takes what ends with .zip or .tgz for a source archive, and would run its code.
/// </para>
/// </summary>
/// <param name="client">Asks the operator's registries.</param>
/// <param name="rules">Which libraries a build may have.</param>
/// <param name="npm">Which versions of npm's; null: the build is not one of npm's.</param>
/// <param name="python">Which files of Python's; null: the build is not one of Python's.</param>
/// <param name="quota">What it may fetch.</param>
/// <param name="origin">Where the build reaches the registry, without a slash at the end.</param>
public sealed class BuildRegistry(
    RegistryClient client, LibraryRules rules, FileRules? npm, FileRules? python, BuildQuota quota, string origin)
{
    // A document of many versions takes some hundred megabytes while it is read.
    private static readonly SemaphoreSlim s_reading = new(2);

    private const string FileType = "application/octet-stream";

    private readonly Lock _lock = new();
    private readonly List<NamedFile> _files = [];
    private readonly List<string> _refusals = [];
    private readonly List<string> _failures = [];
    private readonly Dictionary<LibraryName, Task<byte[]>> _packuments = [];
    private readonly Dictionary<(LibraryName, string), int> _tarballs = [];

    /// <summary>
    /// Why the build did not get what it asked for, by the operator's rules. Installers do not show the text of an answer.
    /// </summary>
    public IReadOnlyList<string> Refusals
    {
        get
        {
            lock (_lock)
            {
                return quota.Excess is { } excess ? [.. _refusals, excess] : [.. _refusals];
            }
        }
    }

    /// <summary>What the operator's registries did not give although they should: they are down, or talk nonsense.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_lock)
            {
                return [.. _failures];
            }
        }
    }

    /// <summary>The answer to a GET of a path.</summary>
    public async Task<RegistryAnswer> AnswerAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return RegistryRoute.Of(path) switch
            {
                LibraryRoute { Name: var name } when rules.Refuses(name) is { } refusal => Refuse(refusal),
                LibraryRoute { Name: { Ecosystem: Ecosystem.PyPi } name } when python is not null =>
                    await PythonPageAsync(name, python, cancellation),
                LibraryRoute { Name: { Ecosystem: Ecosystem.Npm } name } when npm is not null =>
                    await PackumentAsync(name, npm, cancellation),
                TarballRoute { Name: var name } when rules.Refuses(name) is { } refusal => Refuse(refusal),
                TarballRoute tarball when npm is not null => await TarballAsync(tarball, npm, cancellation),
                FileRoute { Number: var number, Name: var name } when Named(number) is { } file && file.Name == name =>
                    await FileAsync(number, file, cancellation),
                _ => RegistryAnswer.Refused(404, $"The registry of a build has nothing at '{path}'."),
            };
        }
        catch (HttpRequestException error) when (error.StatusCode is HttpStatusCode.NotFound)
        {
            return RegistryAnswer.Refused(404, "The registry does not have it.");
        }
        catch (RegistryRedirectException redirect)
        {
            return Refuse(redirect.Message);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var failure = $"The registry did not give it: {error.Message}";
            lock (_lock)
            {
                _failures.Add(failure);
            }

            return RegistryAnswer.Refused(502, failure);
        }
    }

    private RegistryAnswer Refuse(string why)
    {
        Note(why);
        return RegistryAnswer.Refused(403, why);
    }

    private void Note(string why)
    {
        lock (_lock)
        {
            if (!_refusals.Contains(why))
            {
                _refusals.Add(why);
            }
        }
    }

    private async Task<RegistryAnswer> PythonPageAsync(LibraryName name, FileRules files, CancellationToken cancellation)
    {
        var registry = files.Upstream.AddressOf(name);
        var address = new Uri(registry, $"{name.Text}/");
        var (mediaType, page) = await client.PageAsync(address, SimplePage.Accept, cancellation);
        var published = SimplePage.Read(mediaType, page, address);
        var shown = published.Where(file => files.Shows(registry, file)).ToArray();
        foreach (var why in files.LeftOut(name, registry, published, shown.Length))
        {
            Note(why);
        }

        return RegistryAnswer.Of(
            200,
            SimplePage.JsonType,
            SimplePage.Write(name, shown, file => Name(new NamedFile(files.Upstream, registry, file.Address, file.Name))));
    }

    private async Task<RegistryAnswer> PackumentAsync(LibraryName name, FileRules files, CancellationToken cancellation)
    {
        Task<byte[]> packument;
        lock (_lock)
        {
            if (!_packuments.TryGetValue(name, out packument!) || packument.IsFaulted || packument.IsCanceled)
            {
                _packuments[name] = packument = Task.Run(() => FetchAsync(name, files, cancellation), CancellationToken.None);
            }
        }

        return RegistryAnswer.Of(200, Packument.WholeType, await packument.WaitAsync(cancellation));
    }

    private async Task<byte[]> FetchAsync(LibraryName name, FileRules files, CancellationToken cancellation)
    {
        await s_reading.WaitAsync(cancellation);
        try
        {
            return await ReadAsync(name, files, cancellation);
        }
        finally
        {
            s_reading.Release();
        }
    }

    private async Task<byte[]> ReadAsync(LibraryName name, FileRules files, CancellationToken cancellation)
    {
        var registry = files.Upstream.AddressOf(name);
        var address = new Uri(registry, name.Text.Replace("/", "%2f", StringComparison.Ordinal));
        var (_, document) = await client.PageAsync(address, Packument.ShortType, cancellation);
        if (Packument.NeedsWhole(document, files))
        {
            (_, document) = await client.PageAsync(address, Packument.WholeType, cancellation);
        }

        List<string> young = [], undated = [];
        var rewritten = Packument.Rewrite(
            document,
            registry,
            files,
            (version, file) => $"{origin}{Tarball(name, version, new NamedFile(files.Upstream, registry, file, null))}",
            young,
            undated);
        if (young.Count > 0)
        {
            Note(files.Young(name, young[^1]));
        }

        if (undated.Count > 0)
        {
            Note(files.Undated(name, undated[^1]));
        }

        return rewritten;
    }

    // Of a locked library the build has asked for no document.
    private async Task<RegistryAnswer> TarballAsync(TarballRoute tarball, FileRules files, CancellationToken cancellation)
    {
        if (Listed(tarball) is null)
        {
            using var document = await PackumentAsync(tarball.Name, files, cancellation);
        }

        return Listed(tarball) is { } number && Named(number) is { } file
            ? await FileAsync(number, file, cancellation)
            : RegistryAnswer.Refused(404, $"A build may not have {tarball.Name}@{tarball.Version}, or there is no such version.");
    }

    private async Task<RegistryAnswer> FileAsync(int number, NamedFile file, CancellationToken cancellation)
    {
        if (quota.Take(number) is { } excess)
        {
            return RegistryAnswer.Refused(403, excess);
        }

        var response = await client.FileAsync(file.Address, place => file.Upstream.MayServe(file.Registry, place), cancellation);
        var body = new CountedStream(await response.Content.ReadAsStreamAsync(cancellation), quota);
        return new RegistryAnswer(200, FileType, response.Content.Headers.ContentLength, body, response);
    }

    private string Name(NamedFile file)
    {
        lock (_lock)
        {
            _files.Add(file);
            return RegistryRoute.AddressOf(_files.Count - 1, file.Name!);
        }
    }

    private string Tarball(LibraryName name, string version, NamedFile file)
    {
        lock (_lock)
        {
            if (!_tarballs.ContainsKey((name, version)))
            {
                _tarballs.Add((name, version), _files.Count);
                _files.Add(file);
            }
        }

        return RegistryRoute.TarballOf(name, version);
    }

    private int? Listed(TarballRoute tarball)
    {
        lock (_lock)
        {
            return _tarballs.TryGetValue((tarball.Name, tarball.Version), out var number) ? number : null;
        }
    }

    private NamedFile? Named(int number)
    {
        lock (_lock)
        {
            return number < _files.Count ? _files[number] : null;
        }
    }

    // A tarball has no name: it has an address of its own.
    private sealed record NamedFile(Upstream Upstream, Uri Registry, Uri Address, string? Name);
}
