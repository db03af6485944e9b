using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Faas.Client;

/// <summary>
/// Stores scripts, and manages them (docs/management.md).
/// <example>
/// <code>
/// var stored = await faas.Scripts.UploadAsync(new Upload("math/add", Languages.Python, "return event['a'] + event['b']"));
/// await foreach (var script in faas.Scripts.ListAsync("math/"))
/// {
///     Console.WriteLine($"{script.Path} {script.Version}");
/// }
/// </code>
/// </example>
/// </summary>
public sealed class ScriptsClient
{
    private const string Latest = "latest";
    private readonly Transport _transport;

    internal ScriptsClient(Transport transport) => _transport = transport;

    /// <summary>Stores a new version of a script. Code and settings of the latest version make none, unless it is forced.</summary>
    public Task<Uploaded> UploadAsync(Upload upload, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        return _transport.WriteAsync(
            HttpMethod.Post, "upload", BodyOf(upload), ClientJson.Default.JsonObject, ClientJson.Default.Uploaded, cancellation);
    }

    /// <summary>Does the same, and tells each line of the installation of its libraries while it is written.</summary>
    /// <param name="upload">What is stored.</param>
    /// <param name="log">Called with each line.</param>
    /// <param name="cancellation">Ends the upload.</param>
    public async Task<Uploaded> UploadAsync(Upload upload, Action<string> log, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(log);
        var body = BodyOf(upload);
        body["stream"] = true;
        using var request = new HttpRequestMessage(HttpMethod.Post, "upload")
        {
            Content = Transport.Content(body, ClientJson.Default.JsonObject),
        };
        using var response = await _transport.SendAsync(request, cancellation);
        await foreach (var message in Transport.EventsAsync(response, cancellation))
        {
            switch (RunJson.Event(message, response))
            {
                case RunPrinted line:
                    log(line.Text);
                    break;
                case RunFailed failed:
                    throw new FaasException(failed.Problem);
                case RunReturned { Result.Data: var stored }:
                    return Transport.Parse(stored.GetRawText(), ClientJson.Default.Uploaded, response);
            }
        }

        throw new HttpRequestException(HttpRequestError.ResponseEnded, "The server cut the stream off before the upload's end.");
    }

    private static JsonObject BodyOf(Upload upload)
    {
        var body = upload.Settings?.ToJson() ?? [];
        (body["path"], body["language"]) = (upload.Path, upload.Language);
        TreeFile.Write(body, upload.Code, upload.Sources, upload.Entry);
        if (upload.Force)
        {
            body["force"] = true;
        }

        if (upload.DryRun)
        {
            body["dryRun"] = true;
        }

        return body;
    }

    /// <summary>All scripts, read page by page as they are needed.</summary>
    /// <param name="prefix">What their paths begin with; null: all.</param>
    /// <param name="sort"><c>path</c>, or <c>time</c> for the latest upload first; null: by path.</param>
    /// <param name="pageSize">How many are read at a time, 1 to 1000; null: 50.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<ScriptLine> ListAsync(
        string? prefix = null,
        string? sort = null,
        int? pageSize = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? after = null;
        do
        {
            var page = await PageAsync(prefix, sort, pageSize, after, cancellation);
            foreach (var script in page.Scripts)
            {
                yield return script;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>One page of the list of scripts.</summary>
    /// <param name="prefix">What their paths begin with; null: all.</param>
    /// <param name="sort"><c>path</c> or <c>time</c>; null: by path.</param>
    /// <param name="limit">1 to 1000; null: 50.</param>
    /// <param name="after">The page before's <see cref="ScriptPage.Next"/>; null: from the beginning.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<ScriptPage> PageAsync(
        string? prefix = null, string? sort = null, int? limit = null, string? after = null, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Get,
            $"api/v1/scripts{Address.Query(("prefix", prefix), ("sort", sort), ("limit", Address.Text(limit)), ("after", after))}",
            ClientJson.Default.ScriptPage,
            cancellation);

    /// <summary>What a script is.</summary>
    public Task<Script> GetAsync(string path, CancellationToken cancellation = default) =>
        _transport.ReadAsync(HttpMethod.Get, Address.Script(path), ClientJson.Default.Script, cancellation);

    /// <summary>The versions of a script, newest first, read page by page as they are needed.</summary>
    /// <param name="path">The script.</param>
    /// <param name="pageSize">How many are read at a time, 1 to 1000; null: 50.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<ScriptVersion> VersionsAsync(
        string path, int? pageSize = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? after = null;
        do
        {
            var page = await VersionPageAsync(path, pageSize, after, cancellation);
            foreach (var version in page.Versions)
            {
                yield return version;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>One page of the versions of a script, newest first.</summary>
    /// <param name="path">The script.</param>
    /// <param name="limit">1 to 1000; null: 50.</param>
    /// <param name="after">The page before's <see cref="VersionPage.Next"/>; null: from the latest on.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<VersionPage> VersionPageAsync(
        string path, int? limit = null, string? after = null, CancellationToken cancellation = default) => _transport.ReadAsync(
        HttpMethod.Get,
        $"{Address.Script(path)}/versions{Address.Query(("limit", Address.Text(limit)), ("after", after))}",
        ClientJson.Default.VersionPage,
        cancellation);

    /// <summary>What a version is.</summary>
    /// <param name="path">The script.</param>
    /// <param name="version">A number, an alias, or <c>latest</c>.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<ScriptVersion> GetVersionAsync(string path, string version = Latest, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Get, $"{Address.Script(path)}/versions/{Address.Segment(version)}", ClientJson.Default.ScriptVersion, cancellation);

    /// <summary>The code of a version, as it was uploaded.</summary>
    /// <inheritdoc cref="GetVersionAsync"/>
    public Task<string> GetCodeAsync(string path, string version = Latest, CancellationToken cancellation = default) =>
        _transport.TextAsync($"{Address.Script(path)}/versions/{Address.Segment(version)}/code", cancellation);

    /// <summary>The source files of a version of several files, as they were uploaded.</summary>
    /// <inheritdoc cref="GetVersionAsync"/>
    public Task<ScriptSources> GetSourcesAsync(string path, string version = Latest, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Get,
            $"{Address.Script(path)}/versions/{Address.Segment(version)}/sources",
            ClientJson.Default.ScriptSources,
            cancellation);

    /// <summary>How the code of one version differs from that of another, as <c>diff -u</c> writes it; empty: not at all.</summary>
    /// <param name="path">The script.</param>
    /// <param name="from">The version before: a number, an alias, or <c>latest</c>.</param>
    /// <param name="to">The version after.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<string> DiffAsync(string path, string from, string to = Latest, CancellationToken cancellation = default) =>
        _transport.TextAsync($"{Address.Script(path)}/diff{Address.Query(("from", from), ("to", to))}", cancellation);

    /// <summary>Lets a script be run, or forbids it. Runs that were accepted go on.</summary>
    public Task<Script> EnableAsync(string path, bool enabled, CancellationToken cancellation = default) =>
        ChangeAsync(path, Transport.Content(new ScriptChange(enabled, null), ClientJson.Default.ScriptChange), cancellation);

    /// <summary>Says which versions of a script are kept; the others are deleted at once.</summary>
    /// <param name="path">The script.</param>
    /// <param name="keep">Its own rules, of which none keeps all; null: the server's rules hold again.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Script> KeepAsync(string path, Retention? keep, CancellationToken cancellation = default) => ChangeAsync(
        path,
        keep is null
            ? Transport.Content("""{"keep":null}"""u8.ToArray())
            : Transport.Content(new ScriptChange(null, keep), ClientJson.Default.ScriptChange),
        cancellation);

    /// <summary>
    /// Makes an earlier version the latest one, under a new number: its sources, settings and lock. If the latest one is the same, none
    /// is made.
    /// </summary>
    /// <inheritdoc cref="GetVersionAsync"/>
    public Task<Uploaded> RestoreAsync(string path, string version, CancellationToken cancellation = default) =>
        _transport.ReadAsync(
            HttpMethod.Post,
            $"{Address.Script(path)}/versions/{Address.Segment(version)}/restore",
            ClientJson.Default.Uploaded,
            cancellation);

    /// <summary>Deletes a script with all versions and aliases.</summary>
    public Task DeleteAsync(string path, CancellationToken cancellation = default) =>
        _transport.SendAsync(HttpMethod.Delete, Address.Script(path), cancellation);

    /// <summary>Deletes a version, which must not be the only one, nor have an alias.</summary>
    public Task DeleteVersionAsync(string path, long version, CancellationToken cancellation = default) => _transport.SendAsync(
        HttpMethod.Delete, $"{Address.Script(path)}/versions/{version.ToString(CultureInfo.InvariantCulture)}", cancellation);

    private async Task<Script> ChangeAsync(string path, HttpContent change, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, Address.Script(path)) { Content = change };
        using var response = await _transport.SendAsync(request, cancellation);
        return await Transport.ReadAsync(response, ClientJson.Default.Script, cancellation);
    }
}
