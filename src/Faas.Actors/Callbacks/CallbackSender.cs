using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Faas.Actors.Egress;
using Faas.Actors.Hosts;
using Faas.Actors.Runs.Kept;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Faas.Actors.Callbacks;

/// <summary>
/// Makes one attempt to send a callback.
/// <para>
/// Theory of operation. The URL was checked when its call came, and is checked again, because the settings may have changed. The name is
/// resolved once for each connection, every address is judged as one is for a script, and the connection goes to a judged address; the
/// certificate must be valid for the name. No redirect is followed, since it could lead past the rules, and nothing is read of the body of
/// the answer. Within an attempt, a connection that fails and an answer that says that a server in front of the receiver does not reach it
/// are tried again twice, some hundred milliseconds later. The attempt as a whole has a time limit.
/// </para>
/// </summary>
public sealed class CallbackSender : IDisposable
{
    private const int MostHeaderKilobytes = 16;
    private const int DrainedBytes = 4 << 10; // of the answer, so that the connection can be used again
    private const int QuickRetries = 2;
    private static readonly TimeSpan s_quickDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_connectionLife = TimeSpan.FromMinutes(1); // then the name is resolved again
    private static readonly ProductInfoHeaderValue s_agent = new("faas", null);
    private readonly CallbackOptions _options;
    private readonly TimeProvider _time;
    private readonly HostDialer _dialer;
    private readonly HttpClient _client;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    /// <summary>Nothing connects yet.</summary>
    public CallbackSender(CallbackOptions options, IHostResolver resolver, AddressPolicy policy, ServerPorts server, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _dialer = new HostDialer(resolver, policy, server, options.Timeout);
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                MaxResponseHeadersLength = MostHeaderKilobytes,
                MaxResponseDrainSize = DrainedBytes,
                PooledConnectionLifetime = s_connectionLife,
                ConnectCallback = ConnectAsync,
            },
            disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan, // the pipeline has one
        };
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddTimeout(options.Timeout)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = QuickRetries,
                Delay = s_quickDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = retry => ValueTask.FromResult(MayPassSoon(retry.Outcome)),
            })
            .Build();
    }

    /// <summary>Sends a callback, and says what follows. Throws <see cref="OperationCanceledException"/> when the server ends.</summary>
    /// <param name="url">Where.</param>
    /// <param name="message">What.</param>
    /// <param name="attempt">The number of the attempt, from 1 on.</param>
    /// <param name="cancellation">Breaks the attempt off.</param>
    public async Task<CallbackNote> SendAsync(string url, CallbackMessage message, int attempt, CancellationToken cancellation)
    {
        if (!CallbackTarget.TryParse(url, _options.Hosts, out var target, out var wrong))
        {
            return CallbackVerdict.Of(_options, attempt, new CallbackAnswer(null, $"The URL {wrong}."), retryAfter: null);
        }

        try
        {
            using var answer = await _pipeline.ExecuteAsync(
                async token =>
                {
                    using var request = RequestOf(target, message);
                    return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                },
                cancellation);
            return CallbackVerdict.Of(
                _options, attempt, new CallbackAnswer((int)answer.StatusCode, null), RetryAfterOf(answer.Headers.RetryAfter));
        }
        catch (TimeoutRejectedException)
        {
            var error = $"There was no answer within {_options.Timeout.TotalSeconds:0.###} s (faas.callbacks.timeout).";
            return CallbackVerdict.Of(_options, attempt, new CallbackAnswer(null, error), retryAfter: null);
        }
        catch (HttpRequestException failed)
        {
            return CallbackVerdict.Of(_options, attempt, new CallbackAnswer(null, ErrorOf(failed)), retryAfter: null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private HttpRequestMessage RequestOf(CallbackTarget target, CallbackMessage message)
    {
        var now = _time.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, target.Uri) { Content = new ReadOnlyMemoryContent(message.Body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(message.ContentType);
        request.Headers.UserAgent.Add(s_agent);
        request.Headers.Add(CallbackSignature.IdHeader, message.Id);
        request.Headers.Add(CallbackSignature.TimeHeader, CallbackSignature.SecondsOf(now));
        request.Headers.TryAddWithoutValidation(
            CallbackSignature.Header, CallbackSignature.Of(_options.Secrets, message.Id, now, message.Body.Span));
        return request;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (name, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var text = name.Contains(':', StringComparison.Ordinal) ? $"[{name.Trim('[', ']')}]" : name; // an address of IPv6
        if (!HostName.TryParse(text, out var host, out var wrong))
        {
            throw new CallbackRefusedException($"The host {wrong}.");
        }

        var dialled = await _dialer.DialAsync(host, port, cancellation);
        return dialled is { Socket: { } socket } ? new NetworkStream(socket, ownsSocket: true)
            : dialled.Refusal!.Verdict == EgressVerdict.Address ? throw new CallbackRefusedException(dialled.Refusal.Text)
            : throw new IOException(dialled.Refusal.Text);
    }

    // A refusal of an address, or of a certificate, stays.
    private static bool MayPassSoon(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException { HttpRequestError: not HttpRequestError.SecureConnectionError } failed } =>
            failed.InnerException is not CallbackRefusedException,
        { Result: { Headers.RetryAfter: null, StatusCode: var status } } =>
            status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout,
        _ => false,
    };

    private TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);

    private static string ErrorOf(HttpRequestException failed)
    {
        var text = (failed.InnerException ?? failed).Message.ReplaceLineEndings(" ");
        return text.Length <= CallbackVerdict.MostErrorCharacters ? text : $"{text[..CallbackVerdict.MostErrorCharacters]}…";
    }
}
