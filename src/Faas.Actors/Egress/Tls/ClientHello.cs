using System.Buffers.Binary;
using System.Text;

namespace Faas.Actors.Egress.Tls;

/// <summary>What the first bytes of a tunnel are.</summary>
internal enum HelloKind
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>Not TLS.</summary>
    Other,

    /// <summary>TLS whose first message is no ClientHello that can be read.</summary>
    Malformed,

    /// <summary>A ClientHello.</summary>
    Hello,
}

/// <summary>
/// Reads the name of the server out of the first message of TLS.
/// </summary>
/// <remarks>
/// Theory of operation. A client of TLS says in its first message, in the clear, to which of the names behind an address it wants to speak
/// (server_name, RFC 6066). Where the message names another host than the request for the tunnel did, a rule for one host would open
/// another one of the same provider. The message (RFC 8446, section 4.1.2) may come in several records, each of at most 16 KiB, so their
/// payloads are joined first. A record of another type, or a ClientHello in the form of SSL 2, hides the name and is malformed. What begins
/// as none of these is not TLS, and is not looked at. The name inside an encrypted ClientHello (ECH) cannot be seen; its outer name is
/// compared.
/// </remarks>
/// <param name="Kind">What the bytes are.</param>
/// <param name="Name">The name of the server; null: the message has none.</param>
internal readonly record struct ClientHello(HelloKind Kind, string? Name)
{
    /// <summary>The most bytes that a ClientHello may have; a longer one is malformed.</summary>
    public const int Most = 32 << 10;

    private const byte FirstRecord = 20; // change_cipher_spec
    private const byte LastRecord = 24; // heartbeat
    private const byte Handshake = 22;
    private const byte HelloMessage = 1;
    private const int RecordHeader = 5;
    private const int MostOfRecord = 16 << 10;

    private static readonly ClientHello s_incomplete = new(HelloKind.Incomplete, null);
    private static readonly ClientHello s_malformed = new(HelloKind.Malformed, null);
    private static readonly ClientHello s_other = new(HelloKind.Other, null);

    /// <summary>Reads the first bytes of a tunnel.</summary>
    public static ClientHello Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return s_incomplete;
        }

        if (bytes[0] != Handshake)
        {
            return OfOther(bytes);
        }

        var message = new byte[Math.Min(bytes.Length, Most)];
        var length = 0;
        while (bytes.Length >= RecordHeader)
        {
            var size = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
            if (bytes[0] != Handshake || bytes[1] != 3 || size is 0 or > MostOfRecord)
            {
                return s_malformed;
            }

            var payload = bytes.Slice(RecordHeader, Math.Min(size, bytes.Length - RecordHeader));
            if (length + payload.Length > message.Length)
            {
                return s_malformed;
            }

            payload.CopyTo(message.AsSpan(length));
            length += payload.Length;
            if (Whole(message.AsSpan(0, length)) is { } read)
            {
                return read;
            }

            bytes = bytes[(RecordHeader + payload.Length)..];
        }

        return s_incomplete;
    }

    // A record of another type (RFC 8446, section 5.1), and a ClientHello in the form of SSL 2 (RFC 5246, appendix E.2), whose length has
    // its highest bit set: some servers pass over the first and read the second, and a name could stand behind both unseen.
    private static ClientHello OfOther(ReadOnlySpan<byte> bytes)
    {
        var isOld = (bytes[0] & 0x80) != 0;
        return !isOld && bytes[0] is < FirstRecord or > LastRecord ? s_other
            : bytes.Length < 3 ? s_incomplete
            : isOld ? (bytes[2] == HelloMessage ? s_malformed : s_other)
            : bytes[1] == 3 ? s_malformed
            : s_other;
    }

    private static ClientHello? Whole(ReadOnlySpan<byte> message)
    {
        if (message.Length > 0 && message[0] != HelloMessage)
        {
            return s_malformed;
        }

        if (message.Length < 4)
        {
            return null;
        }

        var size = (message[1] << 16) | BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        return size > Most ? s_malformed : message.Length < 4 + size ? null : OfBody(message.Slice(4, size));
    }

    private static ClientHello OfBody(ReadOnlySpan<byte> body)
    {
        if (body.Length < 34)
        {
            return s_malformed;
        }

        body = body[34..]; // version and random
        if (!Take(ref body, 1, out _) || !Take(ref body, 2, out _) || !Take(ref body, 1, out _)) // session, ciphers, compression
        {
            return s_malformed;
        }

        if (body.IsEmpty)
        {
            return new ClientHello(HelloKind.Hello, null);
        }

        if (!Take(ref body, 2, out var extensions) || !body.IsEmpty)
        {
            return s_malformed;
        }

        string? name = null;
        while (!extensions.IsEmpty)
        {
            if (extensions.Length < 2)
            {
                return s_malformed;
            }

            var type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[2..];
            if (!Take(ref extensions, 2, out var content) || (type == 0 && (name is not null || (name = NameOf(content)) is null)))
            {
                return s_malformed;
            }
        }

        return new ClientHello(HelloKind.Hello, name);
    }

    // A list of one name of the type host_name, the only one that there is.
    private static string? NameOf(ReadOnlySpan<byte> content) =>
        Take(ref content, 2, out var list) && content.IsEmpty && list.Length > 1 && list[0] == 0
        && list[1..] is var rest && Take(ref rest, 2, out var name) && rest.IsEmpty && !name.IsEmpty
            ? Encoding.Latin1.GetString(name)
            : null;

    private static bool Take(ref ReadOnlySpan<byte> bytes, int digits, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (bytes.Length < digits)
        {
            return false;
        }

        var length = digits == 1 ? bytes[0] : BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (bytes.Length < digits + length)
        {
            return false;
        }

        taken = bytes.Slice(digits, length);
        bytes = bytes[(digits + length)..];
        return true;
    }
}
