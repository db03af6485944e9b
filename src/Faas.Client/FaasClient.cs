using System.Net;
using System.Net.Http.Headers;

namespace Faas.Client;

/// <summary>
/// Calls a Faas server. One object serves all threads of a program, and is kept as long as the program calls the server.
/// <example>
/// <code>
/// using var faas = new FaasClient(new Uri("http://localhost:8080"), Environment.GetEnvironmentVariable("FAAS_KEY"));
/// await faas.Scripts.UploadAsync(new Upload("math/add", Languages.Python, "return event['a'] + event['b']"));
/// var result = await faas.Runs.RunAsync("math/add", new JsonObject { ["a"] = 3, ["b"] = 5 });
/// Console.WriteLine(result.Data.GetInt32()); // 8
/// </code>
/// </example>
/// <para>
/// Whatever the server refuses becomes a <see cref="FaasException"/>. A server that does not answer is an
/// <see cref="HttpRequestException"/>. There is no timeout: a cancellation token ends a call, and with it its run.
/// </para>
/// </summary>
public sealed class FaasClient : IDisposable
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http;
    private readonly bool _isOwn;

    /// <summary>A client of a server.</summary>
    /// <param name="server">
    /// Its URL, such as <c>http://localhost:8080</c>; it may have a path, where a proxy puts the server below one.
    /// </param>
    /// <param name="key">A key of the server; null or empty: it asks for none.</param>
    /// <exception cref="ArgumentException">The URL is not of http or https, or the key is none.</exception>
    public FaasClient(Uri server, string? key = null)
        : this(Made(server, key), isOwn: true)
    {
    }

    /// <summary>
    /// A client that sends by an <see cref="HttpClient"/> of the caller, who sets its address, key and timeout, and disposes it.
    /// </summary>
    /// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is the server's URL and ends with a slash.</param>
    public FaasClient(HttpClient http)
        : this(http, isOwn: false)
    {
    }

    private FaasClient(HttpClient http, bool isOwn)
    {
        ArgumentNullException.ThrowIfNull(http);
        (_http, _isOwn) = (http, isOwn);
        var transport = new Transport(http);
        Runs = new RunsClient(transport);
        KeptRuns = new KeptRunsClient(transport);
        Batches = new BatchesClient(transport);
        Schedules = new SchedulesClient(transport);
        Scripts = new ScriptsClient(transport);
        Aliases = new AliasesClient(transport);
        Keys = new KeysClient(transport);
        Secrets = new SecretsClient(transport);
        Pool = new PoolClient(transport);
        Server = new ServerClient(transport);
        Archives = new ArchivesClient(transport);
    }

    /// <summary>Runs scripts and code.</summary>
    public RunsClient Runs { get; }

    /// <summary>Has scripts run asynchronously, and tells what became of that.</summary>
    public KeptRunsClient KeptRuns { get; }

    /// <summary>Has scripts run once for each of many inputs.</summary>
    public BatchesClient Batches { get; }

    /// <summary>Has scripts run by the clock.</summary>
    public SchedulesClient Schedules { get; }

    /// <summary>Stores scripts, and manages them.</summary>
    public ScriptsClient Scripts { get; }

    /// <summary>The names of versions.</summary>
    public AliasesClient Aliases { get; }

    /// <summary>Makes and ends keys.</summary>
    public KeysClient Keys { get; }

    /// <summary>Writes secrets, which only scripts read.</summary>
    public SecretsClient Secrets { get; }

    /// <summary>The sandboxes and the runs of now.</summary>
    public PoolClient Pool { get; }

    /// <summary>The server itself: whether it is ready, its version and its settings.</summary>
    public ServerClient Server { get; }

    /// <summary>Moves all scripts between servers.</summary>
    public ArchivesClient Archives { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOwn)
        {
            _http.Dispose();
        }
    }

    private static HttpClient Made(Uri server, string? key)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (!server.IsAbsoluteUri || server.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"{server} is no http:// or https:// URL.", nameof(server));
        }

        if (key is { Length: > 0 } && !key.All(character => character is > ' ' and < '\u007f'))
        {
            throw new ArgumentException("The key has characters that no key has.", nameof(key));
        }

        // A redirection could lead the key to another server.
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = s_connectTimeout,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.Brotli | DecompressionMethods.GZip,
        };
        var http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"{server.GetLeftPart(UriPartial.Path).TrimEnd('/')}/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Authorization = key is { Length: > 0 } ? new AuthenticationHeaderValue("Bearer", key) : null;
        return http;
    }
}
