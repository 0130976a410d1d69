// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @brief A value, or why there is none.
 */
#ifndef MIS_RESULT_H
#define MIS_RESULT_H

#include <cstdint>
#include <optional>
#include <ostream>
#include <utility>

namespace ns3::mis
{

/** @brief Why octets are not a message. */
enum class CodecError : uint8_t
{
    NONE,
    TRUNCATED,      //!< octets end before what they announce
    OVERLONG,       //!< octets follow where there should be none
    BAD_VERSION,    //!< header of another protocol version
    BAD_LENGTH,     //!< a length not in its only valid form
    DUPLICATE_TLV,  //!< a TLV more often than the message lists it
    MISSING_TLV,    //!< a mandatory TLV is absent
    BAD_VALUE,      //!< a value outside the range of its data type
    UNKNOWN_MESSAGE //!< the MID belongs to no message known here
};

/**
 * @brief Name of an error.
 * @param error the error
 * @return its enumerator as text
 */
const char* ToString(CodecError error);

/**
 * @brief Print the name of an error.
 * @param os the stream
 * @param error the error
 * @return the stream
 */
std::ostream& operator<<(std::ostream& os, CodecError error);

/**
 * @brief A value, or the reason why there is none.
 *
 * @tparam T the value
 * @tparam E an enumeration whose value 0 means that there is no error
 */
template <class T, class E = CodecError>
class [[nodiscard]] Result
{
  public:
    /**
     * @brief A success.
     * @param value the value
     */
    Result(T value)
        : m_value(std::move(value))
    {
    }

    /**
     * @brief A failure.
     * @param error the reason, not 0
     */
    Result(E error)
        : m_error(error)
    {
    }

    /**
     * @brief A success, made in place.
     * @param args for the constructor of the value
     */
    template <class... Args>
    explicit Result(std::in_place_t, Args&&... args)
        : m_value(std::in_place, std::forward<Args>(args)...)
    {
    }

    /**
     * @brief Turn into a failure; the value is destroyed.
     * @param error the reason, not 0
     */
    void Fail(E error)
    {
        m_value.reset();
        m_error = error;
    }

    /** @return whether there is a value */
    explicit operator bool() const
    {
        return m_value.has_value();
    }

    /** @return the reason of the failure, 0 if there is none */
    E Error() const
    {
        return m_error;
    }

    /** @return the value; only for a success */
    T& operator*() &
    {
        return *m_value;
    }

    /** @return the value; only for a success */
    const T& operator*() const&
    {
        return *m_value;
    }

    /** @return the value; only for a success */
    T&& operator*() &&
    {
        return *std::move(m_value);
    }

    /** @return the value; only for a success */
    T* operator->()
    {
        return &*m_value;
    }

    /** @return the value; only for a success */
    const T* operator->() const
    {
        return &*m_value;
    }

  private:
    std::optional<T> m_value; //!< the value
    E m_error{};              //!< the reason
};

} // namespace ns3::mis

#endif /* MIS_RESULT_H */
