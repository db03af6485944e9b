using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faas.Testing;

/// <summary>
/// A DNS server on the port 53 of an address of loopback, for which it needs root (RFC 1035). It answers questions for IPv4 addresses as a
/// test says, and has none of IPv6. Nothing may be kept of its answers.
/// </summary>
public sealed class DnsServer : IDisposable
{
    private const int HeaderBytes = 12;
    private const int TypeA = 1;
    private const int Port = 53;

    private readonly UdpClient _socket;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<IPAddress[]>> _names = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly Task _answering;

    /// <summary>Answers from now on.</summary>
    public DnsServer()
    {
        Address = IPAddress.Parse($"127.53.{Environment.ProcessId / 250 % 250}.{1 + (Environment.ProcessId % 250)}");
        _socket = new UdpClient(new IPEndPoint(Address, Port));
        _answering = AnswerAsync();
    }

    /// <summary>Where it is.</summary>
    public IPAddress Address { get; }

    /// <summary>The names whose IPv4 addresses it was asked for.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>What the questions for a name are answered, one after the other; the last answer stays.</summary>
    public void Name(string name, params string[][] answers) =>
        _names[name] = new ConcurrentQueue<IPAddress[]>(answers.Select(answer => answer.Select(IPAddress.Parse).ToArray()));

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _answering.Wait();
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var question = await _socket.ReceiveAsync();
                await _socket.SendAsync(AnswerTo(question.Buffer), question.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private byte[] AnswerTo(byte[] question)
    {
        var (labels, at) = (new List<string>(), HeaderBytes);
        for (; question[at] != 0; at += question[at] + 1)
        {
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
        }

        var end = at + 5; // the root label, type and class
        var name = string.Join('.', labels).ToLowerInvariant();
        var addresses = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(at + 1)) == TypeA ? Next(name) : [];
        using var answer = new MemoryStream();
        answer.Write(question.AsSpan(0, 2));
        answer.Write([0x84, _names.ContainsKey(name) ? (byte)0 : (byte)3, 0, 1, 0, (byte)addresses.Length, 0, 0, 0, 0]); // 3: no such name
        answer.Write(question.AsSpan(HeaderBytes, end - HeaderBytes));
        foreach (var address in addresses)
        {
            answer.Write([0xc0, HeaderBytes, 0, TypeA, 0, 1, 0, 0, 0, 0, 0, 4]); // the name as above, and a time to live of 0
            answer.Write(address.GetAddressBytes());
        }

        return answer.ToArray();
    }

    private IPAddress[] Next(string name)
    {
        _asked.Enqueue(name);
        return !_names.TryGetValue(name, out var answers) ? []
            : answers.Count > 1 && answers.TryDequeue(out var first) ? first
            : answers.TryPeek(out var last) ? last : [];
    }
}
