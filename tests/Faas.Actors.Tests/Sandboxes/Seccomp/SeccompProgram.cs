using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Faas.Actors.Tests.Sandboxes.Seccomp;

/// <summary>
/// Runs a seccomp filter as the kernel does: classic BPF over struct seccomp_data. It knows only the instructions that libseccomp emits.
/// Source: Documentation/networking/filter.rst, linux/bpf_common.h and linux/seccomp.h of the Linux kernel.
/// </summary>
public sealed class SeccompProgram(byte[] program)
{
    private const int InstructionBytes = 8;
    private const int DataBytes = 64;

    /// <summary>SECCOMP_RET_ALLOW.</summary>
    public const uint Allow = 0x7fff0000;

    /// <summary>SECCOMP_RET_KILL_THREAD and SECCOMP_RET_KILL_PROCESS.</summary>
    public static readonly uint[] Kill = [0, 0x80000000];

    /// <summary>AUDIT_ARCH_X86_64 or AUDIT_ARCH_AARCH64.</summary>
    public static uint OwnArchitecture { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0xc00000b7 : 0xc000003e;

    /// <summary>SECCOMP_RET_ERRNO with a number.</summary>
    public static uint Errno(int errno) => 0x00050000u | (uint)errno;

    /// <summary>The filter's decision on a system call of this architecture.</summary>
    public uint Judge(int syscall, params ulong[] arguments) => Judge(OwnArchitecture, syscall, arguments);

    /// <summary>The filter's decision on a system call of any architecture.</summary>
    public uint Judge(uint architecture, int syscall, params ulong[] arguments)
    {
        Span<byte> data = stackalloc byte[DataBytes];
        BinaryPrimitives.WriteInt32LittleEndian(data, syscall);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        for (var i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + (8 * i))..], arguments[i]);
        }

        uint accumulator = 0;
        for (var at = 0; ;)
        {
            var instruction = program.AsSpan(InstructionBytes * at, InstructionBytes);
            var code = BinaryPrimitives.ReadUInt16LittleEndian(instruction);
            var operand = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            var (whenTrue, whenFalse) = (instruction[2], instruction[3]);
            at++;
            switch (code)
            {
                case 0x06: // RET | K
                    return operand;
                case 0x20: // LD | W | ABS
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)operand..]);
                    break;
                case 0x54: // ALU | AND | K
                    accumulator &= operand;
                    break;
                case 0x05: // JMP | JA
                    at += (int)operand;
                    break;
                case 0x15: // JMP | JEQ | K
                    at += accumulator == operand ? whenTrue : whenFalse;
                    break;
                case 0x25: // JMP | JGT | K
                    at += accumulator > operand ? whenTrue : whenFalse;
                    break;
                case 0x35: // JMP | JGE | K
                    at += accumulator >= operand ? whenTrue : whenFalse;
                    break;
                default:
                    throw new InvalidOperationException($"The filter has an instruction 0x{code:x2}, which is not expected of libseccomp.");
            }
        }
    }
}
